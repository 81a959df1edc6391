package io.authzengine.storage.policy;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A JSON value, as constants hold them. Immutable; keys of objects keep no order. */
public sealed interface Value {
    /** The JSON {@code null}. */
    Value NULL = new Null();

    /** The JSON {@code null}. */
    record Null() implements Value {}

    /** @param value true or false */
    record Bool(boolean value) implements Value {}

    /** @param value a finite number; JSON has no other */
    record Num(double value) implements Value {
        public Num {
            if (!Double.isFinite(value)) {
                throw new IllegalArgumentException("not a finite number: " + value);
            }
        }
    }

    /** @param value a text */
    record Text(String value) implements Value {
        public Text {
            Objects.requireNonNull(value, "value");
        }
    }

    /** @param items its values, in order */
    record Array(List<Value> items) implements Value {
        public Array {
            items = List.copyOf(items);
        }
    }

    /** @param fields its values by key */
    record Struct(Map<String, Value> fields) implements Value {
        public Struct {
            fields = ImmutableMaps.copyOf(fields);
        }
    }
}
