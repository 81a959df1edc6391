package io.authzengine.storage.server.http;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/** How often each address may do something: {@code rate} times a second for long, {@code burst} times at once. Thread-safe. */
final class RateLimit {
    private static final int MOST_ADDRESSES = 10_000;
    private static final double NANOS = 1e9;

    private final double rate;
    private final double burst;
    private final LongSupplier ticker;

    /** Those heard of last; whoever was forgotten begins with a full burst. Guarded by itself. */
    private final Map<String, Allowance> allowances = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Allowance> eldest) {
            return size() > MOST_ADDRESSES;
        }
    };

    RateLimit(double rate, double burst, LongSupplier ticker) {
        this.rate = rate;
        this.burst = burst;
        this.ticker = ticker;
    }

    private record Allowance(double left, long at) {}

    /** Takes one of what is left for {@code address}, if anything is. */
    boolean take(String address) {
        synchronized (allowances) {
            double left = left(address);
            allowances.put(address, new Allowance(left >= 1 ? left - 1 : left, ticker.getAsLong()));
            return left >= 1;
        }
    }

    private double left(String address) {
        Allowance known = allowances.get(address);
        return known == null ? burst : Math.min(burst, known.left + (ticker.getAsLong() - known.at) / NANOS * rate);
    }
}
