package io.authzengine.storage.server;

import io.authzengine.storage.config.StorageConfig;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.driver.StorageDriver;
import io.authzengine.storage.server.http.ServerSettings;
import io.authzengine.storage.server.view.FindingView;
import io.authzengine.storage.server.view.ValidationView;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
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
    private static final Pattern CONFIGURATION = Pattern.compile("(storage|server)\\s*:");

    private record FailureView(String error) {}

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
        PrintWriter out = spec.commandLine().getOut();
        StorageConfig settings;
        Validation validation;
        try {
            settings = settings();
            validation = validation(settings);
        } catch (RuntimeException e) {
            if (!output.isTable()) {
                output.print(out, new FailureView(String.valueOf(e.getMessage())));
            }
            throw e; // Told to people by whoever runs the command.
        }
        if (!output.isTable()) {
            output.print(out, view(validation));
        } else {
            StoreStart.printer(settings, out, Terminal.outShowsColours()).print(validation.findings());
            out.println(Counted.of(validation.files(), "file") + ", " + Counted.of(validation.policies(), "policy")
                    + ", " + Counted.of(validation.errors(), "error") + ", "
                    + Counted.of(validation.warnings(), "warning"));
        }
        out.flush();
        tellOfConfigurations(validation);
        if (validation.files() == 0) {
            throw new ParameterException(
                    spec.commandLine(),
                    "nothing was checked: there are no documents; policies end in .yaml, .yml or .json");
        }
        return validation.errors() == 0 ? ExitCode.OK : ExitCode.FINDINGS;
    }

    private Validation validation(StorageConfig settings) {
        try (StorageContext context = StorageContext.create("validate");
                StorageDriver driver = settings.openDriver(context)) {
            PrintWriter err = spec.commandLine().getErr();
            new ProgressLine(driver::progress, context, err).during(driver::init);
            Validation validation = Validation.of(driver);
            boolean apart = !paths.isEmpty() && paths.stream().allMatch(Files::isRegularFile);
            return apart ? validation.ofFilesApart() : validation;
        }
    }

    private void tellOfConfigurations(Validation validation) {
        PrintWriter err = spec.commandLine().getErr();
        SourceLines sources = new SourceLines(Path::of);
        validation.findings().stream()
                .filter(finding -> finding.isError() && finding.place().line() > 0)
                .filter(finding -> sources.line(
                                finding.place().location(), finding.place().line())
                        .filter(line -> CONFIGURATION.matcher(line).lookingAt())
                        .isPresent())
                .map(finding -> finding.place().location())
                .distinct()
                .forEach(file -> err.println(
                        "policyd: " + Printable.text(file) + " looks like a configuration; use --config for it"));
        err.flush();
    }

    private StorageConfig settings() {
        if ((config == null) == paths.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "Give PATH..., or --config CONFIG, and not both");
        }
        if (config != null) {
            return StorageConfig.load(config, ServerSettings::check);
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
