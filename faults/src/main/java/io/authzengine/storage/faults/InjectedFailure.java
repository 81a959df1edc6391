package io.authzengine.storage.faults;

import io.authzengine.storage.error.ConnectionFailedException;
import io.authzengine.storage.error.Problem;
import io.authzengine.storage.error.StorageException;
import io.authzengine.storage.error.StorageTimeoutException;
import io.authzengine.storage.faults.decision.Outcome;
import io.authzengine.storage.faults.decision.Verdict;
import io.authzengine.storage.faults.policy.ErrorKind;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;

/** A fault, on its way to the caller, who gets it in the form he can take: as the network tells it, or as drivers do. */
final class InjectedFailure extends Exception {
    private static final long serialVersionUID = 1L;

    private final String id;
    private final IOException network;

    private InjectedFailure(String id, IOException network) {
        super(network.getMessage(), network, false, false);
        this.id = id;
        this.network = network;
    }

    static InjectedFailure of(Verdict verdict, String policy, String id, String operation) {
        return new InjectedFailure(id, network(verdict, ": fault policy \"" + policy + "\" at " + operation));
    }

    static InjectedFailure interrupted(String policy, String id, String operation) {
        return new InjectedFailure(
                id,
                new InterruptedIOException("interrupted while fault policy \"" + policy + "\" held up " + operation));
    }

    private static IOException network(Verdict verdict, String by) {
        Outcome outcome = verdict.outcome();
        if (outcome == Outcome.TIMEOUT) {
            return new SocketTimeoutException(
                    "timed out after " + verdict.delay().toMillis() + " ms" + by);
        }
        if (outcome == Outcome.NXDOMAIN) {
            return new UnknownHostException("unknown host" + by);
        }
        if (outcome == Outcome.ERROR) {
            return broken(verdict.error().orElse(ErrorKind.RESET), by);
        }
        return new IOException("lost" + by);
    }

    private static IOException broken(ErrorKind kind, String by) {
        return switch (kind) {
            case RESET -> new SocketException("connection reset" + by);
            case REFUSED -> new ConnectException("connection refused" + by);
            case UNREACHABLE -> new NoRouteToHostException("no route to host" + by);
        };
    }

    /** Returns the failure as the network tells it. */
    IOException asNetwork() {
        return network;
    }

    /** Returns the failure as drivers tell it: SD-006 for a time-out, SD-001 for all else. */
    StorageException asStorage() {
        Problem problem = Problem.in(id, String.valueOf(network.getMessage()))
                .remedy("nothing is wrong with the backend: this failure was asked for");
        return network instanceof SocketTimeoutException
                ? new StorageTimeoutException(problem, network)
                : new ConnectionFailedException(problem, network);
    }
}
