package io.authzengine.storage.server;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints a script that lets a shell complete commands and options. */
@Command(
        name = "completion",
        description = "Prints a script that lets a shell complete commands and options.",
        footer = {
            "  source <(policyd completion bash)",
            "  policyd completion bash > /etc/bash_completion.d/policyd",
            "  source <(policyd completion zsh)"
        })
final class CompletionCommand implements Callable<Integer> {
    /** The script is the same: zsh runs that of bash once it was told to. */
    enum Shell {
        BASH,
        ZSH
    }

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "SHELL", description = "bash or zsh.")
    private Shell shell = Shell.BASH;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        if (shell == Shell.ZSH) {
            out.println("autoload -U +X compinit bashcompinit && compinit && bashcompinit");
        }
        out.print(AutoComplete.bash("policyd", spec.root().commandLine()));
        out.flush();
        return ExitCode.OK;
    }
}
