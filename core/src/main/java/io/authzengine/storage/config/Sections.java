package io.authzengine.storage.config;

import io.authzengine.storage.config.ConfigNode.Block;
import io.authzengine.storage.config.ConfigNode.Items;
import io.authzengine.storage.config.ConfigNode.Text;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** The blocks within a block. The same ones come back each time, as they know what was read of them. */
final class Sections {
    private final Ledger ledger;
    private final Path directory;
    private final Map<String, List<ConfigBlock>> byKey = new LinkedHashMap<>();

    Sections(Ledger ledger, Path directory) {
        this.ledger = ledger;
        this.directory = directory;
    }

    /** Returns all that were asked for. */
    Stream<ConfigBlock> all() {
        return byKey.values().stream().flatMap(List::stream);
    }

    Optional<ConfigBlock> one(String key) {
        return remembered(key, this::single).stream().findFirst();
    }

    List<ConfigBlock> several(String key) {
        return remembered(key, this::elements);
    }

    private List<ConfigBlock> remembered(String key, Function<String, List<ConfigBlock>> make) {
        List<ConfigBlock> made = byKey.get(key);
        if (made == null) {
            made = List.copyOf(make.apply(key));
            byKey.put(key, made);
        }
        return made;
    }

    private List<ConfigBlock> single(String key) {
        return node(key).map(node -> new ConfigBlock(node, directory)).stream().toList();
    }

    /** Returns the block under {@code key} without beginning to read it; one without a value is empty. */
    Optional<Block> node(String key) {
        Optional<ConfigNode> value = ledger.ask(key);
        if (value.isPresent() && value.get() instanceof Block found) {
            return Optional.of(found);
        }
        if (value.isPresent() && value.get() instanceof Text text && text.isNothing()) {
            return Optional.of(Block.empty(text.place(), text.path()));
        }
        if (value.isPresent()) {
            ledger.reject(key, "expected a block of settings, as in \"" + Shown.text(key) + ": {key: value}\"");
        }
        return Optional.empty();
    }

    private List<ConfigBlock> elements(String key) {
        Optional<ConfigNode> value = ledger.ask(key);
        List<ConfigBlock> found = new ArrayList<>();
        if (value.isPresent() && value.get() instanceof Items items) {
            for (ConfigNode item : items.items()) {
                if (item instanceof Block child) {
                    found.add(element(child));
                } else {
                    ledger.note(item, "expected a block of settings, got " + item.described());
                }
            }
        } else if (value.isPresent()) {
            ledger.reject(key, "expected a list of blocks, each beginning with \"- \"");
        }
        return found;
    }

    private ConfigBlock element(Block child) {
        Optional<String> driver = DriverBlock.named(child).filter(child.entries()::containsKey);
        if (driver.isEmpty()) {
            return new ConfigBlock(child, directory);
        }
        ConfigBlock outer = new ConfigBlock(child, directory);
        Block inner = DriverBlock.within(child, driver.get(), outer);
        outer.allow(List.of(DriverBlock.DRIVER, DriverBlock.ID));
        outer.problems().forEach(ledger::note);
        return new ConfigBlock(inner, directory);
    }
}
