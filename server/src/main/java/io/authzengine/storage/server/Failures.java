package io.authzengine.storage.server;

import io.authzengine.storage.config.ConfigException;
import io.authzengine.storage.error.ErrorCode;
import io.authzengine.storage.error.StorageException;
import io.authzengine.storage.server.client.ServerException;
import java.io.PrintWriter;
import java.util.ServiceConfigurationError;

/** Tells of failures in words that help whoever called the command, and says which exit code they mean. */
final class Failures {
    private Failures() {}

    /** Prints {@code failure}; its stack trace only if {@code debug} is set. */
    static int tell(Throwable failure, PrintWriter err, boolean debug) {
        if (debug) {
            failure.printStackTrace(err);
        }
        int code = code(failure);
        if (code == ExitCode.USAGE || failure instanceof StorageException || failure instanceof ServerException) {
            tellMessage(failure, err);
        } else {
            err.println("policyd: unexpected failure: " + Printable.text(failure.toString()));
        }
        if (!debug && code == ExitCode.BACKEND) {
            err.println("policyd: --debug shows where this comes from");
        }
        err.flush();
        return code;
    }

    private static void tellMessage(Throwable failure, PrintWriter err) {
        if (failure instanceof ConfigException config) {
            config.problems().forEach(problem -> err.println(Printable.text(problem.toString())));
        } else {
            String.valueOf(failure.getMessage())
                    .lines()
                    .forEach(line -> err.println("policyd: " + Printable.text(line)));
        }
        for (Throwable further : failure.getSuppressed()) {
            if (further instanceof IllegalArgumentException) {
                tellMessage(further, err);
            }
        }
    }

    private static int code(Throwable failure) {
        if (failure instanceof StorageException storage) {
            boolean policies = storage.code() == ErrorCode.PARSE_ERROR || storage.code() == ErrorCode.VALIDATION_ERROR;
            return policies ? ExitCode.FINDINGS : ExitCode.BACKEND;
        }
        if (failure instanceof ServerException server) {
            return switch (server.kind()) {
                case UNAVAILABLE, FORBIDDEN -> ExitCode.BACKEND;
                case REFUSED -> ExitCode.FINDINGS;
                case MISUSED -> ExitCode.USAGE;
            };
        }
        boolean settings = failure instanceof IllegalArgumentException || failure instanceof ServiceConfigurationError;
        return settings ? ExitCode.USAGE : ExitCode.BACKEND;
    }
}
