package io.authzengine.storage.server;

import io.authzengine.storage.config.StorageConfig;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.driver.StorageDriver;
import io.authzengine.storage.server.view.FindingView;
import io.authzengine.storage.server.view.Json;
import io.authzengine.storage.server.view.ValidationView;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Says what is wrong with policies. */
@Command(
        name = "validate",
        description = {
            "Says what is wrong with policies, with the checks that a running policyd makes before it serves them.",
            "Give files and directories, or with --config what a configuration leads to."
        },
        footer = {
            "  policyd validate policies/",
            "  policyd validate policies/leave_request.yaml policies/common",
            "  policyd validate policies/ --output json | jq '.findings[] | .message'",
            "  policyd validate --config storage.yaml"
        })
final class ValidateCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(
            paramLabel = "PATH",
            arity = "0..*",
            description = "Files and directories of policies, taken as one set.")
    private List<Path> paths = List.of();

    @Option(
            names = "--config",
            paramLabel = "CONFIG",
            description = "A configuration; what its driver finds is checked instead of files.")
    private @Nullable Path config;

    @Mixin
    private OutputOption output = new OutputOption();

    @Override
    public Integer call() {
        StorageConfig settings = settings();
        Validation validation;
        try (StorageContext context = StorageContext.create("validate");
                StorageDriver driver = settings.openDriver(context)) {
            validation = Validation.of(driver);
        }
        PrintWriter out = spec.commandLine().getOut();
        if (output.isJson()) {
            out.println(Json.pretty(view(validation)));
        } else {
            StoreStart.printer(settings, out, Terminal.outShowsColours()).print(validation.findings());
            out.println(Counted.of(validation.files(), "file") + ", " + Counted.of(validation.policies(), "policy")
                    + ", " + Counted.of(validation.errors(), "error") + ", "
                    + Counted.of(validation.warnings(), "warning"));
        }
        out.flush();
        if (validation.files() == 0) {
            throw new ParameterException(
                    spec.commandLine(),
                    "nothing was checked: there are no documents; policies end in .yaml, .yml or .json");
        }
        return validation.errors() == 0 ? ExitCode.OK : ExitCode.FINDINGS;
    }

    private StorageConfig settings() {
        if ((config == null) == paths.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "Give PATH..., or --config CONFIG, and not both");
        }
        if (config != null) {
            return StorageConfig.load(config);
        }
        for (Path path : paths) {
            if (!Files.exists(path)) {
                throw new ParameterException(spec.commandLine(), "There is no file or directory " + path);
            }
        }
        return StorageConfig.parse(filesystem(paths), "command line", Map.of());
    }

    private static String filesystem(List<Path> paths) {
        return paths.stream()
                .map(ValidateCommand::literal)
                .collect(Collectors.joining(
                        ", ", "storage: {type: " + StorageDriver.FILESYSTEM + ", watch: false, paths: [", "]}"));
    }

    /** Quoted so that whatever a path holds arrives as it is; a reference to the environment in it is none. */
    private static String literal(Path path) {
        StringBuilder quoted = new StringBuilder("\"");
        path.toString().replace("${", "$${").codePoints().forEach(c -> {
            boolean plain = c >= ' ' && c < 0x7F && c != '"' && c != '\\';
            quoted.append(plain ? String.valueOf((char) c) : String.format(Locale.ROOT, "\\U%08X", c));
        });
        return quoted.append('"').toString();
    }

    private static ValidationView view(Validation validation) {
        return new ValidationView(
                validation.findings().stream().map(FindingView::of).toList(),
                validation.files(),
                validation.policies(),
                validation.errors(),
                validation.warnings());
    }
}
