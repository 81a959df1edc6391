package io.authzengine.storage.server.view;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.authzengine.storage.parser.ParserLimits;
import io.authzengine.storage.parser.PolicyParser;
import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.policy.Value;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A policy with its text.
 *
 * @param policy what there is to know of it; its fields stand beside {@code raw}
 * @param raw the text exactly as it was read
 * @param content the same as JSON
 * @param history what became of it in the versions that are remembered, newest first
 */
public record PolicyDetailView(
        @JsonUnwrapped PolicyView policy,
        String raw,
        @Nullable Object content,
        List<Step> history) {
    /**
     * A version in which it changed.
     *
     * @param version its number
     * @param at when it was first served
     * @param type {@code added}, {@code modified} or {@code deleted}
     * @param author who made that version; empty if the sources did
     * @param comment what was said about it
     */
    public record Step(long version, Instant at, String type, String author, String comment) {}

    /** Returns the view of {@code policy}, whatever became of it. */
    public static PolicyDetailView of(Policy policy) {
        return of(policy, List.of());
    }

    /** Returns the view of {@code policy}. */
    public static PolicyDetailView of(Policy policy, List<Step> history) {
        return new PolicyDetailView(
                PolicyView.of(policy.metadata()), policy.raw().toString(), content(policy), history);
    }

    private static @Nullable Object content(Policy policy) {
        return new PolicyParser(ParserLimits.DEFAULT)
                .tree(policy.raw().toByteArray(), policy.metadata().provenance().document())
                .map(PolicyDetailView::plain)
                .orElse(null);
    }

    private static @Nullable Object plain(Value value) {
        if (value instanceof Value.Bool bool) {
            return bool.value();
        } else if (value instanceof Value.Num number) {
            double exact = number.value();
            boolean whole = exact == Math.rint(exact) && Math.abs(exact) < 1L << 53;
            return whole ? (Object) (long) exact : (Object) exact;
        } else if (value instanceof Value.Text text) {
            return text.value();
        } else if (value instanceof Value.Array array) {
            return array.items().stream().map(PolicyDetailView::plain).collect(Collectors.toList());
        } else if (value instanceof Value.Struct struct) {
            TreeMap<String, @Nullable Object> fields = new TreeMap<>();
            struct.fields().forEach((key, field) -> fields.put(key, plain(field)));
            return fields;
        }
        return null; // The JSON null.
    }
}
