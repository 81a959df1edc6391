package io.authzengine.storage.internal.disk;

import io.authzengine.storage.policy.Condition;
import io.authzengine.storage.policy.Value;
import java.util.List;

/** Writes and reads what nests: values of constants, and conditions. */
final class ValueCodec {
    private ValueCodec() {}

    static void write(ByteWriter out, Value value) {
        if (value instanceof Value.Bool bool) {
            out.number(bool.value() ? 2 : 1);
        } else if (value instanceof Value.Num number) {
            out.number(3);
            out.fixed(Double.doubleToRawLongBits(number.value()));
        } else if (value instanceof Value.Text text) {
            out.number(4);
            out.text(text.value());
        } else if (value instanceof Value.Array array) {
            out.number(5);
            out.list(array.items(), ValueCodec::write);
        } else if (value instanceof Value.Struct struct) {
            out.number(6);
            out.map(struct.fields(), ValueCodec::write);
        } else {
            out.number(0);
        }
    }

    static Value read(ByteReader in) {
        int type = in.place();
        return switch (type) {
            case 0 -> Value.NULL;
            case 1 -> new Value.Bool(false);
            case 2 -> new Value.Bool(true);
            case 3 -> new Value.Num(Double.longBitsToDouble(in.fixed()));
            case 4 -> new Value.Text(in.text());
            case 5 -> new Value.Array(in.list(ValueCodec::read));
            case 6 -> new Value.Struct(in.map(ValueCodec::read));
            default -> throw new IllegalStateException("no type of value has the number " + type);
        };
    }

    static void write(ByteWriter out, Condition condition) {
        if (condition instanceof Condition.Expression expression) {
            out.number(0);
            out.text(expression.expression());
        } else if (condition instanceof Condition.All all) {
            several(out, 1, all.of());
        } else if (condition instanceof Condition.AnyOf any) {
            several(out, 2, any.of());
        } else if (condition instanceof Condition.NoneOf none) {
            several(out, 3, none.of());
        }
    }

    private static void several(ByteWriter out, int type, List<Condition> of) {
        out.number(type);
        out.list(of, ValueCodec::write);
    }

    static Condition condition(ByteReader in) {
        int type = in.place();
        return switch (type) {
            case 0 -> new Condition.Expression(in.text());
            case 1 -> new Condition.All(in.list(ValueCodec::condition));
            case 2 -> new Condition.AnyOf(in.list(ValueCodec::condition));
            case 3 -> new Condition.NoneOf(in.list(ValueCodec::condition));
            default -> throw new IllegalStateException("no type of condition has the number " + type);
        };
    }
}
