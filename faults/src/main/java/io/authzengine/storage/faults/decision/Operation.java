package io.authzengine.storage.faults.decision;

import io.authzengine.storage.faults.policy.Direction;
import io.authzengine.storage.faults.policy.Endpoint;
import java.util.Objects;

/**
 * What is about to happen.
 *
 * @param place where it happens, for the log, such as {@code connect} or {@code memory.load}
 * @param kind what sort of operation it is
 * @param direction which way it goes
 * @param endpoint what it goes to
 * @param size its bytes; 0 if it has none or they are not known
 */
public record Operation(String place, Kind kind, Direction direction, Endpoint endpoint, long size) {
    /** What sort of operation it is. */
    public enum Kind {
        /** A connection is made. */
        CONNECT,
        /** A call is made, or bytes pass. */
        TRANSFER,
        /** A call has a result. */
        RESULT,
        /** A change event passes. */
        EVENT,
        /** A name is looked up. */
        LOOKUP
    }

    public Operation {
        Objects.requireNonNull(place, "place");
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(direction, "direction");
        Objects.requireNonNull(endpoint, "endpoint");
    }

    /** Returns the making of a connection. */
    public static Operation connect(String place, Endpoint endpoint) {
        return new Operation(place, Kind.CONNECT, Direction.UPLINK, endpoint, 0);
    }

    /** Returns a call, or the passing of bytes to the backend. */
    public static Operation send(String place, Endpoint endpoint, long size) {
        return new Operation(place, Kind.TRANSFER, Direction.UPLINK, endpoint, size);
    }

    /** Returns the passing of bytes from the backend. */
    public static Operation receive(String place, Endpoint endpoint, long size) {
        return new Operation(place, Kind.TRANSFER, Direction.DOWNLINK, endpoint, size);
    }

    /** Returns the result of a call. */
    public static Operation result(String place, Endpoint endpoint, long size) {
        return new Operation(place, Kind.RESULT, Direction.DOWNLINK, endpoint, size);
    }

    /** Returns the passing of a change event. */
    public static Operation event(String place, Endpoint endpoint) {
        return new Operation(place, Kind.EVENT, Direction.DOWNLINK, endpoint, 0);
    }

    /** Returns the look-up of a name. */
    public static Operation lookup(Endpoint endpoint) {
        return new Operation("lookup", Kind.LOOKUP, Direction.UPLINK, endpoint, 0);
    }
}
