package io.authzengine.storage.benchmarks.corpus;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Schemas that resource policies refer to. */
final class Schemas {
    private Schemas() {}

    static List<Document> of(int count, Dice dice) {
        return IntStream.range(0, count)
                .mapToObj(number -> new Document(
                        String.format(Locale.ROOT, "_schemas/resources/schema_%04d.json", number), schema(dice)))
                .toList();
    }

    private static String schema(Dice dice) {
        String references = dice.some(Vocabulary.TEAMS, 3).stream()
                .map(team -> "    \"" + team + "_reference\": {\"type\": \"string\", \"maxLength\": "
                        + dice.between(1, 4) * 32 + "}")
                .collect(Collectors.joining(",\n"));
        return """
                {
                  "$schema": "https://json-schema.org/draft/2020-12/schema",
                  "type": "object",
                  "properties": {
                    "author": {"type": "string"},
                    "state": {"type": "string", "enum": %s},
                    "sum": {"type": "number"},
                    "labels": {"type": "array", "items": {"type": "string"}},
                %s
                  },
                  "required": ["author"]
                }
                """.formatted(Lines.listed(Vocabulary.STATES), references);
    }
}
