package io.authzengine.storage.internal;

import io.authzengine.storage.driver.LoadResult;
import io.authzengine.storage.snapshot.Note;
import io.authzengine.storage.snapshot.PolicyVersion;
import java.util.Map;
import java.util.OptionalLong;

/** Why a version is made; becomes part of its {@link PolicyVersion}. */
record Occasion(String cause, Map<String, String> revisions, Note note, OptionalLong rolledBackTo) {
    static final String UPDATE = "update";
    static final String ROLLBACK = "rollback";
    static final String MANUAL = "manual";
    static final String CONFIRMED = "confirmed";

    /** The source brought something. */
    static Occasion source(String cause, LoadResult loaded) {
        return new Occasion(cause, loaded.revisions(), Note.NONE, OptionalLong.empty());
    }

    /** Somebody changed {@code base}. */
    static Occasion update(PolicyVersion base, Note note) {
        return new Occasion(UPDATE, base.revisions(), note, OptionalLong.empty());
    }

    /** Somebody returned to {@code target}. */
    static Occasion rollback(PolicyVersion target, Note note) {
        return new Occasion(ROLLBACK, target.revisions(), note, OptionalLong.of(target.number()));
    }
}
