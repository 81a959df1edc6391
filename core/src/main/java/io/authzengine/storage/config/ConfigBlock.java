package io.authzengine.storage.config;

import io.authzengine.storage.config.ConfigNode.Block;
import io.authzengine.storage.config.ConfigNode.Items;
import io.authzengine.storage.config.ConfigNode.Text;
import io.authzengine.storage.driver.DriverConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A block as it is read: remembers what it was asked for, as that is what it may hold, and what was wrong. Every getter that
 * finds a problem notes it and returns a stand-in. Not thread-safe; made anew for each reading.
 */
final class ConfigBlock implements DriverConfig {
    private static final Logger LOG = LoggerFactory.getLogger(ConfigBlock.class);

    private final Block block;
    private final Path directory;
    private final Ledger ledger;
    private final Sections sections;

    ConfigBlock(Block block, Path directory) {
        this.block = block;
        this.directory = directory;
        this.ledger = new Ledger(block);
        this.sections = new Sections(ledger, directory);
    }

    /** Allows keys that somebody else reads. */
    void allow(Collection<String> keys) {
        ledger.allow(keys);
    }

    @Override
    public String path() {
        return block.path();
    }

    @Override
    public Optional<String> id() {
        return converted(DriverBlock.ID, "a name that is not empty", ConfigBlock::unlessBlank);
    }

    @Override
    public String text(String key) {
        String expected = "a text that is not empty";
        require(key, expected);
        return converted(key, expected, ConfigBlock::unlessBlank).orElse("");
    }

    @Override
    public String text(String key, String fallback) {
        return optionalText(key).orElse(fallback);
    }

    @Override
    public Optional<String> optionalText(String key) {
        return converted(key, "a text", Optional::of);
    }

    @Override
    public Optional<String> secret(String key) {
        ledger.hide(key);
        Optional<ConfigNode> value = ledger.ask(key);
        if (value.isPresent() && value.get() instanceof Text text && text.isWrittenOut()) {
            LOG.warn(
                    "{}: {}: this credential is written out in the file; take it from ${ENV} or ${file:/path}",
                    text.place(),
                    text.path());
        }
        return converted(key, "a text that is not empty", ConfigBlock::unlessBlank);
    }

    private static Optional<String> unlessBlank(String text) {
        return text.isBlank() ? Optional.empty() : Optional.of(text);
    }

    @Override
    public List<String> texts(String key) {
        String expected = "a list of texts, as in [\"first\", \"second\"]";
        require(key, expected);
        List<String> texts = texts(key, List.of());
        if (texts.isEmpty() || texts.stream().anyMatch(String::isBlank)) {
            reject(key, "expected at least one text, and none of them empty");
        }
        return texts;
    }

    @Override
    public List<String> texts(String key, List<String> fallback) {
        String expected = "a list of texts, as in [\"first\", \"second\"]";
        Optional<ConfigNode> value = ledger.ask(key);
        if (value.isEmpty() || !(value.get() instanceof Items items)) {
            return converted(key, expected, Optional::of).map(List::of).orElse(fallback);
        }
        List<String> texts = new ArrayList<>();
        for (ConfigNode item : items.items()) {
            if (item instanceof Text text && !text.isNothing()) {
                texts.add(text.value().orElse(""));
            } else {
                ledger.note(item, "expected a text, got " + item.described());
            }
        }
        return List.copyOf(texts);
    }

    @Override
    public boolean flag(String key, boolean fallback) {
        return converted(key, "true or false", text -> switch (text) {
                    case "true", "True", "TRUE" -> Optional.of(true);
                    case "false", "False", "FALSE" -> Optional.of(false);
                    default -> Optional.empty();
                })
                .orElse(fallback);
    }

    @Override
    public long number(String key, long fallback, long min, long max) {
        String range = max == Long.MAX_VALUE ? "of at least " + min : "from " + min + " to " + max;
        return converted(
                        key,
                        "a whole number " + range + " such as " + fallback,
                        text -> Numbers.whole(text).filter(number -> number >= min && number <= max))
                .orElse(fallback);
    }

    /** Returns a number from 0 to 1, or {@code fallback} if the key is absent. */
    double share(String key, double fallback) {
        return converted(
                        key,
                        "a share from 0 to 1 such as " + fallback,
                        text -> Numbers.decimal(text).filter(number -> number >= 0 && number <= 1))
                .orElse(fallback);
    }

    @Override
    public Duration duration(String key, Duration fallback, ChronoUnit bareUnit) {
        return duration(key, Optional.of(fallback), bareUnit).orElse(fallback);
    }

    @Override
    public Optional<Duration> optionalDuration(String key, ChronoUnit bareUnit) {
        return duration(key, Optional.empty(), bareUnit);
    }

    private Optional<Duration> duration(String key, Optional<Duration> example, ChronoUnit bareUnit) {
        return converted(key, TimeSpan.expected(example, bareUnit), text -> TimeSpan.parse(text, bareUnit));
    }

    @Override
    public <E extends Enum<E>> E choice(String key, Class<E> choices, E fallback) {
        Map<String, E> byName = new LinkedHashMap<>();
        for (E choice : choices.getEnumConstants()) {
            byName.put(choice.name().toLowerCase(Locale.ROOT).replace('_', '-'), choice);
        }
        String expected = byName.keySet().stream().map(Shown::quoted).collect(Collectors.joining(" or "));
        return converted(key, expected, text -> Optional.ofNullable(byName.get(text)))
                .orElse(fallback);
    }

    @Override
    public boolean isSection(String key) {
        return ledger.ask(key).filter(Block.class::isInstance).isPresent();
    }

    @Override
    public Optional<DriverConfig> section(String key) {
        return block(key).map(Function.identity());
    }

    /** Returns a block within this one, if the key is there. */
    Optional<ConfigBlock> block(String key) {
        return sections.one(key);
    }

    /** Returns a block within this one, if the key is there, without beginning to read it. */
    Optional<Block> node(String key) {
        return sections.node(key);
    }

    @Override
    public List<DriverConfig> sections(String key) {
        return List.copyOf(sections.several(key));
    }

    @Override
    public Path resolve(String path) {
        return directory.resolve(path).normalize();
    }

    @Override
    public void reject(String key, String problem) {
        ledger.reject(key, problem);
    }

    /** Notes a problem of {@code key} as it is said. */
    void note(String key, String problem) {
        ledger.note(key, problem);
    }

    @Override
    public void verify() {
        Collection<ConfigProblem> found = problems();
        if (!found.isEmpty()) {
            throw new ConfigException(found);
        }
    }

    /** Returns what was noted in here and in the blocks within, and the keys that nobody asked for. */
    Collection<ConfigProblem> problems() {
        return collect(true);
    }

    /** Returns the same but for the keys of this very block that nobody asked for. */
    Collection<ConfigProblem> problemsNoted() {
        Set<ConfigProblem> found = new TreeSet<>(ledger.noted());
        sections.all().forEach(child -> found.addAll(child.problems()));
        return found;
    }

    private Collection<ConfigProblem> collect(boolean decided) {
        boolean all = decided && ledger.isDecided();
        Set<ConfigProblem> found = new TreeSet<>(ledger.notedAndUnknown(all));
        sections.all().forEach(child -> found.addAll(child.collect(all)));
        return found;
    }

    private void require(String key, String expected) {
        if (ledger.ask(key).isEmpty()) {
            note(key, "is missing; expected " + expected);
        }
    }

    private <T> Optional<T> converted(String key, String expected, Function<String, Optional<T>> conversion) {
        Optional<ConfigNode> value = ledger.ask(key);
        if (value.isEmpty() || value.get().hasFailed()) {
            return Optional.empty();
        }
        Optional<T> converted = value.get() instanceof Text text && !text.isNothing()
                ? text.value().flatMap(conversion)
                : Optional.empty();
        if (converted.isEmpty()) {
            reject(key, "expected " + expected);
        }
        return converted;
    }

    @Override
    public String toString() {
        return block.path() + " at " + block.place();
    }
}
