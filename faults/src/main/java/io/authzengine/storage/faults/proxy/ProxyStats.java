package io.authzengine.storage.faults.proxy;

import java.util.Map;

/**
 * What a proxy has done so far.
 *
 * @param open connections that are open
 * @param accepted connections that were ever accepted
 * @param bytesUp bytes that reached the backend
 * @param bytesDown bytes that reached clients
 * @param decisions how often what was decided, as {@code FaultCounters} names it; shared with whatever else the same faults are for
 */
public record ProxyStats(long open, long accepted, long bytesUp, long bytesDown, Map<String, Long> decisions) {
    public ProxyStats {
        decisions = Map.copyOf(decisions);
    }
}
