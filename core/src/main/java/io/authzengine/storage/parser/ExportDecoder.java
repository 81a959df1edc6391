package io.authzengine.storage.parser;

import io.authzengine.storage.policy.DocumentHeader;
import io.authzengine.storage.policy.ExportConstants;
import io.authzengine.storage.policy.ExportVariables;
import io.authzengine.storage.policy.PolicyContent;
import io.authzengine.storage.policy.PolicyId;
import io.authzengine.storage.policy.PolicyKind;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code exportVariables} and {@code exportConstants}: a name, and definitions.
 *
 * @param <D> what is defined
 */
final class ExportDecoder<D> implements KindDecoder {
    private static final List<String> FIELDS = List.of("name", "definitions");

    private final DocumentReader in;
    private final PolicyKind kind;
    private final Function<String, Map<String, D>> reading;
    private final Function<String, PolicyId> identity;
    private final Building<D> building;
    private boolean complete;
    private @Nullable String name;
    private Map<String, D> definitions = Map.of();

    /** Makes the content of what was read. */
    private interface Building<D> {
        PolicyContent content(DocumentHeader header, String name, Map<String, D> definitions);
    }

    private ExportDecoder(
            DocumentReader in,
            PolicyKind kind,
            Function<String, Map<String, D>> reading,
            Function<String, PolicyId> identity,
            Building<D> building) {
        this.in = in;
        this.kind = kind;
        this.reading = reading;
        this.identity = identity;
        this.building = building;
    }

    static KindDecoder ofVariables(DocumentReader in) {
        return new ExportDecoder<>(
                in, PolicyKind.EXPORT_VARIABLES, in::expressions, PolicyId::ofExportVariables, ExportVariables::new);
    }

    static KindDecoder ofConstants(DocumentReader in) {
        return new ExportDecoder<>(
                in, PolicyKind.EXPORT_CONSTANTS, in::constants, PolicyId::ofExportConstants, ExportConstants::new);
    }

    @Override
    public void read(Event key) {
        if (!in.enterMapping(kind.name())) {
            return;
        }
        for (Event field = in.nextKey(); field != null; field = in.nextKey()) {
            switch (field.text()) {
                case "name" -> name = in.name("name", NameRule.EXPORT);
                case "definitions" -> definitions = reading.apply("definitions");
                default -> in.unknown(field, kind.name(), FIELDS);
            }
        }
        if (name == null) {
            in.missing(key.position(), kind.name(), "name", "add the name under which policies import it");
        }
        complete = true;
    }

    @Override
    public PolicyContent content(DocumentHeader header) {
        return building.content(header, name == null ? "" : name, definitions);
    }

    @Override
    public Optional<PolicyId> id() {
        return complete && name != null && NameRule.EXPORT.fullyAccepts(name)
                ? Optional.of(identity.apply(name))
                : Optional.empty();
    }
}
