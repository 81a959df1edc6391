package io.authzengine.storage.faults.format;

import io.authzengine.storage.faults.policy.Bytes;
import io.authzengine.storage.faults.policy.Direction;
import io.authzengine.storage.faults.policy.PayloadMutation;
import io.authzengine.storage.faults.policy.PayloadTransform;
import io.authzengine.storage.faults.policy.Probability;
import java.util.Optional;
import java.util.OptionalLong;

/** Makes a mutation of its fields. */
final class MutationReader {
    private static final String HEX = "hex:";

    private MutationReader() {}

    /** Returns the mutation; empty if it is not enabled or of type none. All its fields are checked either way. */
    static Optional<PayloadMutation> read(FieldBlock fields) {
        boolean enabled = fields.value("enabled", MutationReader::flag).orElse(false);
        String type = fields.value("type", String::strip).orElse("none");
        Optional<PayloadTransform> transform = transform(type, fields);
        PayloadMutation mutation = new PayloadMutation(
                transform.orElseGet(PayloadTransform.CorruptEncoding::new),
                fields.value("prob", FaultText::probability).orElse(Probability.ALWAYS),
                fields.value("target", MutationReader::direction).orElse(Optional.empty()),
                Math.max(1, fields.value("every_n_packets", PolicyReader::count).orElse(1)),
                fields.value("min_size", FaultText::size).orElse(0L),
                fields.value("max_size", FaultText::size).orElse(0L),
                fields.value("max_buffer_size", FaultText::size).orElse(PayloadMutation.DEFAULT_MAX_BUFFER),
                fields.value("dry_run", MutationReader::flag).orElse(false));
        return enabled && transform.isPresent() ? Optional.of(mutation) : Optional.empty();
    }

    private static Optional<PayloadTransform> transform(String type, FieldBlock fields) {
        return switch (type) {
            case "none" -> Optional.empty();
            case "truncate" ->
                Optional.of(new PayloadTransform.Truncate(fields.required("truncate_size", FaultText::size)));
            case "corrupt_bytes" ->
                Optional.of(new PayloadTransform.CorruptBytes(
                        fields.value("corrupt_count", PolicyReader::count).orElse(1),
                        fields.value("corrupt_seed", FaultText::seed)
                                .map(OptionalLong::of)
                                .orElse(OptionalLong.empty())));
            case "inject_bytes" ->
                Optional.of(new PayloadTransform.InjectBytes(
                        fields.value("inject_position", MutationReader::position)
                                .orElse(0L),
                        fields.required("inject_data", MutationReader::bytes)));
            case "replace_pattern" ->
                Optional.of(new PayloadTransform.ReplacePattern(
                        fields.required("replace_find", MutationReader::bytes),
                        fields.value("replace_with", MutationReader::bytes).orElse(Bytes.ofText(""))));
            case "corrupt_encoding" -> Optional.of(new PayloadTransform.CorruptEncoding());
            case "swap_bytes" ->
                Optional.of(new PayloadTransform.SwapBytes(
                        fields.required("swap_pos1", MutationReader::position),
                        fields.required("swap_pos2", MutationReader::position)));
            default ->
                throw new IllegalArgumentException(
                        "type: \"" + type
                                + "\": expected none, truncate, corrupt_bytes, inject_bytes, replace_pattern, corrupt_encoding or swap_bytes");
        };
    }

    private static Optional<Direction> direction(String text) {
        return switch (text.strip()) {
            case "both" -> Optional.empty();
            case "uplink_only", "uplink" -> Optional.of(Direction.UPLINK);
            case "downlink_only", "downlink" -> Optional.of(Direction.DOWNLINK);
            default -> throw new IllegalArgumentException("expected both, uplink_only or downlink_only");
        };
    }

    private static boolean flag(String text) {
        return switch (text.strip()) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("expected true or false");
        };
    }

    private static long position(String text) {
        return PolicyReader.count(text);
    }

    private static Bytes bytes(String text) {
        return text.startsWith(HEX) ? new Bytes(text.substring(HEX.length())) : Bytes.ofText(text);
    }

    /** Returns how {@code bytes} are written. */
    static String text(Bytes bytes) {
        return HEX + bytes.hex();
    }
}
