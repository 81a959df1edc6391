package io.authzengine.storage.faults;

import io.authzengine.storage.faults.policy.Endpoint;
import io.authzengine.storage.faults.policy.FaultPolicy;
import java.util.Optional;

/**
 * How something finds its fault policy, and what its calls go to.
 *
 * @param name the policy's name, looked up at each call; empty for the policy given, or the one in force around the call
 * @param policy the policy itself
 * @param endpoint where the calls go, for targets that name a host
 */
public record FaultBinding(Optional<String> name, Optional<FaultPolicy> policy, Endpoint endpoint) {
    /** Takes the policy in force around each call. */
    public static FaultBinding auto() {
        return new FaultBinding(Optional.empty(), Optional.empty(), Endpoint.UNKNOWN);
    }

    /** Takes the policy of that name at each call; {@link Fault#AUTO} means the one in force around the call. */
    public static FaultBinding named(String name) {
        return new FaultBinding(
                Optional.of(name).filter(given -> !given.equals(Fault.AUTO)), Optional.empty(), Endpoint.UNKNOWN);
    }

    /** Takes {@code policy}, whose clock starts when the binding is used first. */
    public static FaultBinding of(FaultPolicy policy) {
        return new FaultBinding(Optional.empty(), Optional.of(policy), Endpoint.UNKNOWN);
    }

    /** Returns this binding for calls that go to that host and port. */
    public FaultBinding at(String hostname, int port) {
        return new FaultBinding(name, policy, Endpoint.tcp(hostname, port));
    }
}
