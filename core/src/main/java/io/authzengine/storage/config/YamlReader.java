package io.authzengine.storage.config;

import io.authzengine.storage.config.ConfigNode.Block;
import io.authzengine.storage.config.ConfigNode.Entry;
import io.authzengine.storage.config.ConfigNode.Items;
import io.authzengine.storage.config.ConfigNode.Text;
import io.authzengine.storage.error.Place;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.schema.FailsafeSchema;

/** Turns YAML into nodes, within limits, and collects what is wrong with it as YAML. For one use. */
final class YamlReader {
    private static final int MAX_DEPTH = 50;
    private static final int MAX_ALIASES = 50;
    private static final int MAX_NODES = 100_000;

    private final String text;
    private final String name;
    private final Interpolation interpolation;
    private final List<ConfigProblem> problems;
    private int nodes;

    YamlReader(String text, String name, Interpolation interpolation, List<ConfigProblem> problems) {
        this.text = text;
        this.name = name;
        this.interpolation = interpolation;
        this.problems = problems;
    }

    /** Returns the outermost block; empty if there is none, after telling why. */
    Optional<Block> read() {
        try {
            if (text.length() > TextFile.MAX_BYTES) {
                throw new Refusal(Place.of(name), "", "is larger than " + TextFile.MAX_BYTES + " characters");
            }
            LoadSettings settings = settings();
            checkLimits(settings);
            Node root = new Compose(settings)
                    .composeString(text)
                    .orElseThrow(() -> new Refusal(
                            Place.of(name), "", "is empty; expected a block \"storage:\" with the driver's settings"));
            return asRoot(node(root, ""));
        } catch (Refusal e) {
            problems.add(e.problem);
        } catch (MarkedYamlEngineException e) {
            problems.add(syntaxProblem(e));
        } catch (ReaderException e) {
            problems.add(new ConfigProblem(
                    placeOf(text.indexOf(e.getCodePoint())),
                    "",
                    String.format("the character U+%04X is not allowed in YAML", e.getCodePoint())));
        } catch (YamlEngineException e) {
            problems.add(new ConfigProblem(Place.of(name), "", "cannot be read as YAML: " + e.getMessage()));
        }
        return Optional.empty();
    }

    private LoadSettings settings() {
        return LoadSettings.builder()
                .setLabel(name)
                .setSchema(new FailsafeSchema())
                .setCodePointLimit(TextFile.MAX_BYTES)
                .setMaxAliasesForCollections(MAX_ALIASES)
                .setAllowNonScalarKeys(true) // Refused below, with their place.
                .setAllowRecursiveKeys(false)
                .setAllowDuplicateKeys(false)
                .build();
    }

    /** Composing recurses, so depth is looked at before. */
    private void checkLimits(LoadSettings settings) {
        int depth = 0;
        int aliases = 0;
        for (Event event : new Parse(settings).parseString(text)) {
            if (event instanceof CollectionStartEvent && ++depth > MAX_DEPTH) {
                throw new Refusal(place(event.getStartMark()), "", "is nested deeper than " + MAX_DEPTH + " levels");
            }
            if (event instanceof CollectionEndEvent) {
                depth--;
            }
            if (event instanceof AliasEvent && ++aliases > MAX_ALIASES) {
                throw new Refusal(
                        place(event.getStartMark()), "", "is one alias more than the " + MAX_ALIASES + " allowed");
            }
        }
    }

    private Optional<Block> asRoot(ConfigNode root) {
        if (root instanceof Block block) {
            return Optional.of(block);
        }
        problems.add(new ConfigProblem(
                root.place(), "", "expected a block \"storage:\" with the driver's settings, got " + root.described()));
        return Optional.empty();
    }

    private ConfigNode node(Node node, String path) {
        Place place = place(node.getStartMark());
        if (node.isRecursive()) {
            throw new Refusal(place, path, "contains itself through an alias");
        }
        if (++nodes > MAX_NODES) {
            throw new Refusal(place, path, "is more than the " + MAX_NODES + " values allowed, counting each alias");
        }
        checkTag(node, place, path);
        if (node instanceof MappingNode mapping) {
            return block(mapping, place, path);
        }
        if (node instanceof SequenceNode sequence) {
            return items(sequence, place, path);
        }
        return text((ScalarNode) node, place, path);
    }

    private void checkTag(Node node, Place place, String path) {
        Tag tag = node.getTag();
        if (!tag.equals(Tag.STR) && !tag.equals(Tag.SEQ) && !tag.equals(Tag.MAP) && !tag.equals(Tag.NULL)) {
            problems.add(new ConfigProblem(
                    place,
                    path,
                    "has the tag " + Shown.quoted(tag.getValue()) + ", but tags are not supported; leave it out"));
        }
    }

    private Block block(MappingNode mapping, Place place, String path) {
        Block self = Block.empty(place, path);
        Map<String, Entry> entries = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            Place keyPlace = place(tuple.getKeyNode().getStartMark());
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                problems.add(new ConfigProblem(
                        keyPlace,
                        path,
                        "expected a word as the key, got a list or a block; a text with ${…} needs quotes here"));
                continue;
            }
            String keyPath = self.pathOf(key.getValue());
            Entry entry = new Entry(keyPlace, node(tuple.getValueNode(), keyPath));
            Entry earlier = entries.putIfAbsent(key.getValue(), entry);
            if (earlier != null) {
                problems.add(new ConfigProblem(
                        keyPlace, keyPath, "is given twice, first at " + earlier.keyPlace() + "; keep one of them"));
            }
        }
        return new Block(place, path, entries);
    }

    private Items items(SequenceNode sequence, Place place, String path) {
        List<ConfigNode> items = new ArrayList<>();
        for (Node item : sequence.getValue()) {
            items.add(node(item, path + "[" + items.size() + "]"));
        }
        return new Items(place, path, items);
    }

    private Text text(ScalarNode scalar, Place place, String path) {
        String raw = scalar.getValue();
        List<ConfigProblem> failures = new ArrayList<>();
        Optional<String> value =
                interpolation.replace(raw, problem -> failures.add(new ConfigProblem(place, path, problem)));
        problems.addAll(failures);
        return new Text(place, path, raw, value, scalar.isPlain(), failures);
    }

    private ConfigProblem syntaxProblem(MarkedYamlEngineException e) {
        // The library's own message quotes the lines around it, which may hold a secret.
        String what = Stream.of(e.getContext(), e.getProblem())
                .filter(Objects::nonNull)
                .filter(part -> !part.isBlank())
                .collect(Collectors.joining(", "));
        Place place = place(e.getProblemMark().or(e::getContextMark));
        return new ConfigProblem(place, "", "is not valid YAML: " + Shown.line(what, 200) + hint(place));
    }

    private String hint(Place place) {
        String line =
                text.lines().skip(Math.max(0, place.line() - 1)).findFirst().orElse("");
        return line.contains("${") ? "; within [ ] and { } a text with ${…} needs quotes" : "";
    }

    private Place placeOf(int index) {
        if (index < 0) {
            return Place.of(name);
        }
        int lineStart = text.lastIndexOf('\n', index - 1) + 1;
        int line = 1
                + (int) text.substring(0, lineStart)
                        .chars()
                        .filter(c -> c == '\n')
                        .count();
        return new Place(name, line, 1 + text.codePointCount(lineStart, index));
    }

    private Place place(Optional<Mark> mark) {
        return mark.map(at -> new Place(name, at.getLine() + 1, at.getColumn() + 1))
                .orElseGet(() -> Place.of(name));
    }

    /** Ends the reading where going on would be of no use, or not safe. */
    private static final class Refusal extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient ConfigProblem problem;

        Refusal(Place place, String path, String message) {
            super(message);
            this.problem = new ConfigProblem(place, path, message);
        }
    }
}
