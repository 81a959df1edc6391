package io.authzengine.storage.gate;

import io.authzengine.storage.error.Finding;
import java.util.List;

/** Refuses a set some of whose locations could not be taken: a broken document, an id that two claim. */
final class StructureGate implements PolicyGate {
    @Override
    public List<Finding> review(Candidate candidate) {
        return candidate.errors().stream()
                .flatMap(error -> error.findings().stream())
                .toList();
    }

    @Override
    public String name() {
        return "structure";
    }
}
