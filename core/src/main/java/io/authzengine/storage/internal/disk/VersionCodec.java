package io.authzengine.storage.internal.disk;

import io.authzengine.storage.error.ErrorCode;
import io.authzengine.storage.error.Finding;
import io.authzengine.storage.error.Place;
import io.authzengine.storage.policy.PolicyId;
import io.authzengine.storage.snapshot.Note;
import io.authzengine.storage.snapshot.PolicyVersion;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** Writes and reads what is said about a set: its version, and what of it is quarantined and why. */
final class VersionCodec {
    /** Stands for no version; numbers begin with 1. */
    private static final long NONE = 0;

    private VersionCodec() {}

    static void write(ByteWriter out, PolicyVersion version) {
        out.number(version.number());
        out.map(version.revisions(), ByteWriter::text);
        out.instant(version.createdAt());
        out.text(version.cause());
        out.text(version.comment());
        out.text(version.author());
        out.number(version.sameAs().orElse(NONE));
        out.number(version.rolledBackTo().orElse(NONE));
    }

    static PolicyVersion read(ByteReader in) {
        return new PolicyVersion(
                in.number(),
                in.map(ByteReader::text),
                in.instant(),
                in.text(),
                new Note(in.text(), in.text()),
                other(in.number()),
                other(in.number()));
    }

    private static OptionalLong other(long number) {
        return number == NONE ? OptionalLong.empty() : OptionalLong.of(number);
    }

    static void write(ByteWriter out, Map<PolicyId, List<Finding>> quarantined) {
        out.number(quarantined.size());
        quarantined.forEach((id, findings) -> {
            out.text(id.value());
            out.list(findings, VersionCodec::write);
        });
    }

    static Map<PolicyId, List<Finding>> quarantined(ByteReader in) {
        int count = in.count();
        Map<PolicyId, List<Finding>> quarantined = new HashMap<>();
        for (int i = 0; i < count; i++) {
            PolicyId id = new PolicyId(in.text());
            quarantined.put(id, in.list(VersionCodec::finding));
        }
        return quarantined;
    }

    static void write(ByteWriter out, Finding finding) {
        out.text(finding.code().name());
        out.choice(finding.severity());
        out.text(finding.place().location());
        out.number(finding.place().line());
        out.number(finding.place().column());
        out.text(finding.message());
        out.optional(finding.fix(), ByteWriter::text);
        out.optional(finding.policyId(), (into, id) -> into.text(id.value()));
    }

    static Finding finding(ByteReader in) {
        return new Finding(
                ErrorCode.valueOf(in.text()),
                in.choice(Finding.Severity.class),
                new Place(in.text(), in.place(), in.place()),
                in.text(),
                in.optional(ByteReader::text),
                in.optional(from -> new PolicyId(from.text())));
    }
}
