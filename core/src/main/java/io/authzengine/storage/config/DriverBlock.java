package io.authzengine.storage.config;

import io.authzengine.storage.config.ConfigNode.Block;
import io.authzengine.storage.config.ConfigNode.Entry;
import io.authzengine.storage.config.ConfigNode.Text;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The two ways of writing a driver down: {@code driver: git} with a block {@code git}, and {@code type: git} amid the settings.
 * From here on there is only the second.
 */
final class DriverBlock {
    static final String DRIVER = "driver";
    static final String TYPE = "type";
    static final String ID = "id";

    private DriverBlock() {}

    /** Returns the type that a block of the first kind names; empty if it is not of that kind. */
    static Optional<String> named(Block block) {
        Entry driver = block.entries().get(DRIVER);
        if (driver == null || block.entries().containsKey(TYPE) || !(driver.value() instanceof Text text)) {
            return Optional.empty();
        }
        return text.isNothing() ? Optional.empty() : text.value().filter(type -> !type.isBlank());
    }

    /**
     * Returns the settings of the driver that {@code outer} names as {@code type}, with its type and id among them. What
     * contradicts itself is noted at {@code reader}, which reads {@code outer}.
     */
    static Block within(Block outer, String type, ConfigBlock reader) {
        Entry driver = outer.entries().get(DRIVER);
        if (driver == null) {
            throw new IllegalArgumentException("names no driver: " + outer.path());
        }
        // Only keys of the file are shown: the type may come from the environment.
        String key = outer.entries().containsKey(type) ? type : asWritten(driver.value());
        Block inner =
                reader.node(key).orElseGet(() -> Block.empty(driver.value().place(), outer.pathOf(key)));
        Map<String, Entry> entries = new LinkedHashMap<>(inner.entries());
        if (entries.put(TYPE, driver) != null) {
            reader.note(DRIVER, "says the type, and so does " + inner.pathOf(TYPE) + "; leave out the latter");
        }
        Entry id = outer.entries().get(ID);
        if (id != null && entries.put(ID, id) != null) {
            reader.note(ID, "names the driver, and so does " + inner.pathOf(ID) + "; leave out one of them");
        }
        return new Block(inner.place(), inner.path(), entries);
    }

    private static String asWritten(ConfigNode driver) {
        return driver instanceof Text text ? text.raw() : DRIVER;
    }
}
