package io.authzengine.storage.diff;

import static org.assertj.core.api.Assertions.assertThat;

import io.authzengine.storage.policy.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class JsonPatchTest {
    private static final int SEEDS = 3000;

    @Test
    void madeOneAfterTheOtherTheStepsLeadFromOneValueToTheOther() {
        for (long seed = 0; seed < SEEDS; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            Value before = value(random, 4);
            Value after = random.nextInt(3) == 0 ? value(random, 4) : changed(before, random);

            JsonPatch patch = JsonPatch.between(before, after);

            assertThat(applied(patch, before))
                    .as("with seed %s: %s", seed, patch)
                    .isEqualTo(after);
            assertThat(patch.operations().isEmpty()).isEqualTo(before.equals(after));
        }
    }

    @Test
    void aChangedRuleIsShownByWhatChangedInItAndOneInFrontMovesNothing() {
        Value before = struct("rules", array(rule("view"), rule("edit"), rule("delete")));
        Value after = struct("rules", array(rule("new"), rule("view"), rule("approve"), rule("delete")));

        assertThat(JsonPatch.between(before, after))
                .hasToString(
                        "[{\"op\":\"add\",\"path\":\"/rules/0\",\"value\":{\"action\":\"new\",\"effect\":\"allow\"}},"
                                + "{\"op\":\"replace\",\"path\":\"/rules/2/action\",\"value\":\"approve\"}]");
    }

    @Test
    void keysAreEscapedInPathsAndTextsInJson() {
        Value before = struct("a/b~c", new Value.Text("x"));
        Value after = struct("a/b~c", new Value.Text("\"\\\n\u0001\uD83D\uDE00é"));

        assertThat(JsonPatch.between(before, after))
                .hasToString(
                        "[{\"op\":\"replace\",\"path\":\"/a~1b~0c\",\"value\":\"\\\"\\\\\\n\\u0001\\ud83d\\ude00é\"}]");
    }

    @Test
    void valuesAreWrittenAsJsonHasThem() {
        Value after = new Value.Struct(Map.of(
                "b",
                array(new Value.Num(1), new Value.Num(-2.5), new Value.Bool(true), Value.NULL),
                "a",
                new Value.Struct(Map.of())));

        assertThat(JsonPatch.between(Value.NULL, after))
                .hasToString("[{\"op\":\"replace\",\"path\":\"\",\"value\":{\"a\":{},\"b\":[1,-2.5,true,null]}}]");
    }

    private static Value rule(String action) {
        return new Value.Struct(Map.of("action", new Value.Text(action), "effect", new Value.Text("allow")));
    }

    private static Value struct(String key, Value value) {
        return new Value.Struct(Map.of(key, value));
    }

    private static Value array(Value... items) {
        return new Value.Array(List.of(items));
    }

    private static Value value(SplittableRandom random, int depth) {
        return switch (random.nextInt(depth > 0 ? 6 : 4)) {
            case 0 -> Value.NULL;
            case 1 -> new Value.Bool(random.nextBoolean());
            case 2 -> new Value.Num(random.nextInt(4));
            case 3 -> new Value.Text("t" + random.nextInt(4));
            case 4 -> items(random, depth - 1);
            default -> fields(random, depth - 1);
        };
    }

    private static Value items(SplittableRandom random, int depth) {
        List<Value> items = new ArrayList<>();
        for (int i = random.nextInt(7); i > 0; i--) {
            items.add(value(random, depth));
        }
        return new Value.Array(items);
    }

    private static Value fields(SplittableRandom random, int depth) {
        Map<String, Value> fields = new HashMap<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            fields.put(List.of("a", "b/c", "~", "").get(random.nextInt(4)), value(random, depth));
        }
        return new Value.Struct(fields);
    }

    /** A value that has much in common with {@code before}. */
    private static Value changed(Value before, SplittableRandom random) {
        if (before instanceof Value.Array array && random.nextInt(8) > 0) {
            List<Value> items = new ArrayList<>();
            for (Value item : array.items()) {
                switch (random.nextInt(6)) {
                    case 0 -> items.add(changed(item, random));
                    case 1 -> items.add(items.size() / 2, value(random, 1));
                    case 2 -> {}
                    default -> items.add(item);
                }
            }
            return new Value.Array(items);
        }
        if (before instanceof Value.Struct struct && random.nextInt(8) > 0) {
            Map<String, Value> fields = new HashMap<>(struct.fields());
            fields.replaceAll((key, value) -> random.nextInt(3) == 0 ? changed(value, random) : value);
            return new Value.Struct(fields);
        }
        return random.nextInt(3) == 0 ? value(random, 2) : before;
    }

    /** Makes the steps as RFC 6902 says, on trees that can be changed. */
    private static Value applied(JsonPatch patch, Value document) {
        Value result = document;
        for (JsonPatch.Operation step : patch.operations()) {
            List<String> path = new ArrayList<>();
            if (!step.path().isEmpty()) {
                for (String key : step.path().substring(1).split("/", -1)) {
                    path.add(key.replace("~1", "/").replace("~0", "~"));
                }
            }
            result = applied(step, path, result);
        }
        return result;
    }

    private static Value applied(JsonPatch.Operation step, List<String> path, Value at) {
        if (path.isEmpty()) {
            assertThat(step.kind()).isEqualTo(JsonPatch.Kind.REPLACE);
            return step.value().orElseThrow();
        }
        String key = path.get(0);
        boolean here = path.size() == 1;
        List<String> rest = path.subList(1, path.size());
        if (at instanceof Value.Struct struct) {
            Map<String, Value> fields = new HashMap<>(struct.fields());
            assertThat(fields.containsKey(key)).isEqualTo(!here || step.kind() != JsonPatch.Kind.ADD);
            if (here && step.kind() == JsonPatch.Kind.REMOVE) {
                fields.remove(key);
            } else if (here) {
                fields.put(key, step.value().orElseThrow());
            } else {
                fields.put(key, applied(step, rest, Objects.requireNonNull(fields.get(key))));
            }
            return new Value.Struct(fields);
        }
        List<Value> items = new ArrayList<>(((Value.Array) at).items());
        int index = Integer.parseInt(key);
        if (here && step.kind() == JsonPatch.Kind.REMOVE) {
            items.remove(index);
        } else if (here && step.kind() == JsonPatch.Kind.ADD) {
            items.add(index, step.value().orElseThrow());
        } else if (here) {
            items.set(index, step.value().orElseThrow());
        } else {
            items.set(index, applied(step, rest, items.get(index)));
        }
        return new Value.Array(items);
    }
}
