package io.authzengine.storage.driver.composite;

import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.policy.PolicyId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Finds the ids under which each driver may have policies of a key. */
interface KeyIndex {
    /** Returns the key of {@code policy}. */
    String key(Policy policy);

    /** Takes note that a driver has {@code after} instead of {@code before}; returns the keys that are concerned. */
    Collection<String> replace(int driver, Optional<Policy> before, Optional<Policy> after);

    /** Returns the ids that a driver may have under {@code key}, in a stable order. */
    Collection<PolicyId> members(int driver, String key);

    static KeyIndex of(ConflictKey key, int drivers) {
        return key == ConflictKey.ID ? new ById() : new ByName(drivers);
    }

    /** The key is the id, so there is nothing to be kept. */
    final class ById implements KeyIndex {
        @Override
        public String key(Policy policy) {
            return ConflictKey.ID.of(policy);
        }

        @Override
        public Collection<String> replace(int driver, Optional<Policy> before, Optional<Policy> after) {
            return after.or(() -> before).map(this::key).stream().toList();
        }

        @Override
        public Collection<PolicyId> members(int driver, String key) {
            return List.of(new PolicyId(key));
        }
    }

    /** Several ids have one key. */
    final class ByName implements KeyIndex {
        private final List<Map<String, Set<PolicyId>>> byDriver = new ArrayList<>();

        private ByName(int drivers) {
            for (int i = 0; i < drivers; i++) {
                byDriver.add(new HashMap<>());
            }
        }

        @Override
        public String key(Policy policy) {
            return ConflictKey.NAME.of(policy);
        }

        @Override
        public Collection<String> replace(int driver, Optional<Policy> before, Optional<Policy> after) {
            Set<String> keys = new LinkedHashSet<>();
            before.ifPresent(policy -> {
                keys.add(key(policy));
                byDriver.get(driver).computeIfPresent(key(policy), (key, ids) -> {
                    ids.remove(policy.id());
                    return ids.isEmpty() ? null : ids;
                });
            });
            after.ifPresent(policy -> {
                keys.add(key(policy));
                byDriver.get(driver)
                        .computeIfAbsent(key(policy), key -> new TreeSet<>())
                        .add(policy.id());
            });
            return keys;
        }

        @Override
        public Collection<PolicyId> members(int driver, String key) {
            return byDriver.get(driver).getOrDefault(key, Set.of());
        }
    }
}
