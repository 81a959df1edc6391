package io.authzengine.storage.internal.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.authzengine.storage.parser.PolicyParser;
import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.policy.Sha256;
import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * What the parser makes of documents has a name, as what an earlier process made of them is taken from the disk. If this test fails,
 * something else is made of some document: raise {@link PolicyParser#READING}, and write the new name with the new digest here.
 */
class ReadingTest {
    private static final String SCALARS = """
            apiVersion: api.cerbos.dev/v1
            exportConstants:
              name: scalars
              definitions:
                {yes: yes, no: no, on: on, tilde: ~, empty: , octal: 010, modern: 0o10, hex: 0x1F, float: 1e3,
                 dot: .5, time: 2026-01-01, sexagesimal: 12:30:45, big: 123456789012345678901234567890,
                 quoted: "1", folded: 'a  b', anchor: &a [1, 2], alias: *a}
            """;

    @Test
    void isNamedAnewWhenAnythingElseIsMadeOfADocument() {
        TreeMap<String, String> documents = new TreeMap<>(EveryKind.DOCUMENTS);
        documents.put("scalars.yaml", SCALARS);
        StringBuilder made = new StringBuilder();
        documents.forEach((location, text) -> {
            for (Policy policy : Sets.parse(location, text)) {
                made.append(policy.id()).append(' ');
                write(policy.content(), made);
                made.append('\n');
            }
        });

        String digest = Sha256.hex(made.toString());

        assertThat(PolicyParser.READING + " " + digest)
                .as(made.toString())
                .isEqualTo("1 87ffd35d34736204c7ee6c0b1f6edc7209e846f684bb837e80154acc88043d2d");
    }

    /** Writes all that a value says, in an order that is always the same. */
    private static void write(Object value, StringBuilder into) {
        if (value instanceof Optional<?> optional) {
            write(optional.map(List::of).orElse(List.of()), into);
        } else if (value instanceof Map<?, ?> map) {
            TreeMap<String, Object> ordered = new TreeMap<>();
            map.forEach((key, each) -> ordered.put(String.valueOf(key), each));
            into.append('{');
            ordered.forEach((key, each) -> {
                into.append(key).append(':');
                write(each, into);
            });
            into.append('}');
        } else if (value instanceof Collection<?> all) {
            TreeSet<String> unordered = new TreeSet<>();
            into.append('[');
            for (Object each : all) {
                StringBuilder one = new StringBuilder();
                write(each, one);
                if (all instanceof List) {
                    into.append(one).append(',');
                }
                unordered.add(one.toString());
            }
            into.append(all instanceof List ? "" : unordered).append(']');
        } else if (value instanceof Record named) {
            into.append(named.getClass().getSimpleName()).append('(');
            for (RecordComponent component : named.getClass().getRecordComponents()) {
                into.append(component.getName()).append('=');
                write(read(component, named), into);
                into.append(';');
            }
            into.append(')');
        } else {
            into.append(value).append(' ');
        }
    }

    private static Object read(RecordComponent component, Record of) {
        try {
            component.getAccessor().setAccessible(true);
            Object value = component.getAccessor().invoke(of);
            return value == null ? "nothing" : value;
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }
}
