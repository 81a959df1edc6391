package io.authzengine.storage.server;

import io.authzengine.storage.driver.LoadError;
import io.authzengine.storage.driver.LoadResult;
import io.authzengine.storage.driver.StorageDriver;
import io.authzengine.storage.error.Finding;
import io.authzengine.storage.gate.Candidate;
import io.authzengine.storage.gate.Gates;
import io.authzengine.storage.gate.PolicyGate;
import io.authzengine.storage.snapshot.PolicySet;
import io.authzengine.storage.snapshot.PolicySnapshot;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the gates of a live reload say of all that a driver has, as if it were to be served first.
 *
 * @param findings ordered by place
 * @param files how many documents there are, apart from empty ones that nothing is said of
 * @param policies how many policies they hold; what cannot be read holds none
 */
record Validation(List<Finding> findings, int files, int policies) {
    /**
     * Judges what {@code driver}, which was initialised, has loaded.
     */
    static Validation of(StorageDriver driver) {
        LoadResult loaded = driver.load();
        Candidate candidate = new Candidate(
                PolicySnapshot.NONE,
                loaded.policies(),
                loaded.policies().differences(PolicySet.EMPTY),
                loaded.errors(),
                Map.of(),
                List.of());
        List<Finding> findings = new ArrayList<>(loaded.warnings());
        for (PolicyGate gate : Gates.standard()) {
            findings.addAll(gate.review(candidate));
        }
        return new Validation(
                findings.stream().distinct().sorted().toList(),
                files(loaded),
                loaded.policies().size());
    }

    private static int files(LoadResult loaded) {
        Set<String> locations = new HashSet<>();
        loaded.policies().stream()
                .map(policy -> policy.metadata().provenance().document())
                .forEach(locations::add);
        loaded.errors().stream().map(LoadError::source).forEach(locations::add);
        loaded.warnings().stream().map(warning -> warning.place().location()).forEach(locations::add);
        return locations.size();
    }

    /** Returns the same, with a hint where the files looked at refer to what others may define. */
    Validation ofFilesApart() {
        List<Finding> hinted = findings.stream()
                .map(finding -> finding.message().endsWith("which does not exist")
                        ? finding.fix(finding.fix().map(fix -> fix + "; ").orElse("")
                                + "validate the whole directory if it is defined in another file")
                        : finding)
                .toList();
        return new Validation(hinted, files, policies);
    }

    long errors() {
        return findings.stream().filter(Finding::isError).count();
    }

    long warnings() {
        return findings.size() - errors();
    }
}
