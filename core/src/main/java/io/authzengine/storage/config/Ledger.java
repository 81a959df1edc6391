package io.authzengine.storage.config;

import io.authzengine.storage.config.ConfigNode.Block;
import io.authzengine.storage.config.ConfigNode.Entry;
import io.authzengine.storage.config.ConfigNode.Items;
import io.authzengine.storage.config.ConfigNode.Text;
import io.authzengine.storage.error.Place;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What a block was asked for, which is what it may hold, and what was found wrong with it. */
final class Ledger {
    /** As long as these are not right, nobody knows what else the block may hold. */
    private static final List<String> DECISIVE = List.of(DriverBlock.TYPE, DriverBlock.DRIVER);

    private final Block block;
    private final Set<String> known = new LinkedHashSet<>();
    private final Set<String> hidden = new LinkedHashSet<>();
    /** By path, and only the first of each: what comes after it is mostly its consequence. */
    private final Map<String, ConfigProblem> problems = new LinkedHashMap<>();

    Ledger(Block block) {
        this.block = block;
    }

    void allow(Collection<String> keys) {
        known.addAll(keys);
    }

    /** Returns the value of {@code key}, which is known from now on. */
    Optional<ConfigNode> ask(String key) {
        known.add(key);
        return Optional.ofNullable(block.entries().get(key)).map(Entry::value);
    }

    /** Keeps what the file says at {@code key} out of messages, unless it says where else to look. */
    void hide(String key) {
        hidden.add(key);
    }

    void note(ConfigProblem problem) {
        problems.putIfAbsent(problem.path(), problem);
    }

    void note(ConfigNode node, String message) {
        note(new ConfigProblem(node.place(), node.path(), message));
    }

    /** Notes a problem of {@code key} as it is said. */
    void note(String key, String message) {
        Optional<ConfigNode> value = ask(key);
        if (value.isPresent()) {
            note(value.get(), message);
        } else {
            note(new ConfigProblem(block.place(), block.pathOf(key), message));
        }
    }

    /** Notes a problem of {@code key}, and what the file says there, unless its value or a part of it is known to be wrong. */
    void reject(String key, String message) {
        Optional<ConfigNode> value = ask(key);
        if (value.isEmpty()) {
            note(key, message);
        } else if (!value.get().hasFailed() && !hasWrongItem(value.get())) {
            note(value.get(), message + got(key, value.get()));
        }
    }

    private boolean hasWrongItem(ConfigNode value) {
        return value instanceof Items items
                && items.items().stream().anyMatch(item -> problems.containsKey(item.path()));
    }

    private String got(String key, ConfigNode value) {
        boolean secret = hidden.contains(key) && value instanceof Text text && text.isWrittenOut();
        return secret ? "" : ", got " + value.described();
    }

    /** Returns whether it is clear what the block may hold. */
    boolean isDecided() {
        return DECISIVE.stream().noneMatch(this::isWrong);
    }

    private boolean isWrong(String key) {
        Entry entry = block.entries().get(key);
        return entry == null
                ? problems.containsKey(block.pathOf(key))
                : entry.value().hasFailed()
                        || problems.containsKey(entry.value().path());
    }

    /** Returns what was noted, and what could not be replaced. */
    Collection<ConfigProblem> noted() {
        Set<ConfigProblem> found = new TreeSet<>(problems.values());
        block.entries().values().forEach(entry -> found.addAll(entry.value().failures()));
        return found;
    }

    /** Returns what was noted, and the keys that nobody asked for; of these only the decisive ones unless {@code all}. */
    Collection<ConfigProblem> notedAndUnknown(boolean all) {
        Set<ConfigProblem> found = new TreeSet<>(noted());
        List<String> open =
                known.stream().filter(key -> !block.entries().containsKey(key)).toList();
        block.entries().forEach((key, entry) -> {
            if (known.contains(key)) {
                return;
            }
            Optional<String> meant = NearestKey.to(key, open);
            if (all || meant.filter(DECISIVE::contains).isPresent()) {
                // That a key is missing need not be told if it is there with a slip of the pen.
                meant.map(block::pathOf).map(problems::get).ifPresent(found::remove);
                found.add(unknown(key, entry.keyPlace(), meant));
            }
        });
        return found;
    }

    private ConfigProblem unknown(String key, Place place, Optional<String> meant) {
        String cure = meant.map(other -> "did you mean \"" + other + "\"?")
                .orElseGet(() -> known.isEmpty()
                        ? "there are no settings here"
                        : "the keys here are " + String.join(", ", new TreeSet<>(known)));
        return new ConfigProblem(place, block.pathOf(key), "unknown key; " + cure);
    }
}
