package io.authzengine.storage.faults.policy;

import java.net.InetAddress;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/** What a rule selects by: an address, a name, or a driver's operation. */
public sealed interface Selector {
    /** Returns whether it selects {@code endpoint}. What is not known of an endpoint is not selected. */
    boolean selects(Endpoint endpoint);

    /** Returns how exact it is; of two of the same priority the more exact one counts. */
    int exactness();

    /**
     * All addresses that begin alike.
     *
     * @param network the address
     * @param prefix how many of its bits count; all for a single host
     */
    record Address(InetAddress network, int prefix) implements Selector {
        public Address {
            int bits = network.getAddress().length * Byte.SIZE;
            Limits.require(prefix >= 0 && prefix <= bits, "a prefix is 0 to " + bits + " bits, got " + prefix);
            byte[] masked = network.getAddress();
            Limits.require(
                    IntStream.range(prefix, bits).noneMatch(bit -> isSet(masked, bit)),
                    network.getHostAddress() + "/" + prefix + " has bits set behind its prefix");
        }

        /** Returns the selector of one host. */
        public static Address host(InetAddress address) {
            return new Address(address, address.getAddress().length * Byte.SIZE);
        }

        /** Returns whether it is one host. */
        public boolean isHost() {
            return prefix == network.getAddress().length * Byte.SIZE;
        }

        @Override
        public boolean selects(Endpoint endpoint) {
            return endpoint.address().filter(this::contains).isPresent();
        }

        private boolean contains(InetAddress address) {
            byte[] wanted = network.getAddress();
            byte[] given = address.getAddress();
            return wanted.length == given.length
                    && IntStream.range(0, prefix).allMatch(bit -> isSet(wanted, bit) == isSet(given, bit));
        }

        private static boolean isSet(byte[] bytes, int bit) {
            return (bytes[bit / Byte.SIZE] >> (Byte.SIZE - 1 - bit % Byte.SIZE) & 1) == 1;
        }

        @Override
        public int exactness() {
            return isHost() ? 1_000 : prefix;
        }
    }

    /**
     * A host by its name.
     *
     * @param by where the name is seen
     * @param name the name; {@code *.} in front stands for all names below it, at any depth
     */
    record Name(By by, String name) implements Selector {
        /** Where a name is seen. */
        public enum By {
            /** It is the name that was configured or looked up. */
            HOSTNAME,
            /** The client asks for it in TLS. */
            SNI
        }

        public Name {
            Objects.requireNonNull(by, "by");
            name = TargetName.ofRule(name);
        }

        @Override
        public boolean selects(Endpoint endpoint) {
            return (by == By.SNI ? endpoint.sni() : endpoint.hostname())
                    .filter(known -> TargetName.matches(name, known))
                    .isPresent();
        }

        @Override
        public int exactness() {
            return (by == By.SNI ? 4_000 : 2_000) + (TargetName.isWildcard(name) ? 0 : 1_000);
        }
    }

    /**
     * Operations of drivers; {@code *} stands for all.
     *
     * @param type the driver's type
     * @param id the driver's id
     * @param operation the method's name
     */
    record Driver(String type, String id, String operation) implements Selector {
        private static final String ALL = "*";

        public Driver {
            Limits.require(
                    !type.isEmpty() && !id.isEmpty() && !operation.isEmpty(),
                    "a driver target is driver://type/id#operation, with * for all");
        }

        @Override
        public boolean selects(Endpoint endpoint) {
            return endpoint.call()
                    .filter(call ->
                            covers(type, call.type()) && covers(id, call.id()) && covers(operation, call.operation()))
                    .isPresent();
        }

        private static boolean covers(String rule, String given) {
            return rule.equals(ALL) || rule.equals(given);
        }

        @Override
        public int exactness() {
            return 6_000
                    + (int) List.of(type, id, operation).stream()
                            .filter(part -> !part.equals(ALL))
                            .count();
        }
    }
}
