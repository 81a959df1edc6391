package io.authzengine.storage.it.matrix;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Stream;

/** The rows of the matrix: each fault, what is promised under it, and the check of that. */
@SuppressWarnings("ImmutableEnumChecker") // What it holds is never changed.
enum Row {
    F03("F03", "the offline copy cannot be written", 'K', StoreChecks::offlineCopyFails),
    F08("F08", "the wall clock jumps ten years ahead, and back", 'A', StoreChecks::clockJumps),
    F11("F11", "down at the start, no offline copy", 'F', BackendChecks::downAtTheStart),
    F12("F12", "down at the start, with an offline copy", 'L', BackendChecks::downAtTheStartWithACopy),
    F13("F13", "connections are refused", 'K', WireChecks::refused, Harm.WIRE),
    F13_KILLED("F13", "killed, and started again", 'K', BackendChecks::killed, Harm.KILLED),
    F14("F14", "connections go dead without a word", 'K', WireChecks::blackHole, Harm.WIRE),
    F15("F15", "answers trickle, one byte at a time", 'K', WireChecks::trickle, Harm.WIRE),
    F15_SLOW("F15", "a slow link: 20 ms and 2 Mbit/s", 'A', WireChecks::slowLink, Harm.WIRE),
    F16("F16", "connections are reset in the middle of an answer", 'K', WireChecks::cutMidAnswer, Harm.WIRE),
    F16_LOSS("F16", "one packet in ten resets its connection", 'A', WireChecks::loss, Harm.WIRE),
    F17("F17", "answers end too early, without an error", 'R', BackendChecks::cutShort, Harm.CUT_SHORT),
    F18("F18", "up and down, four times a second", 'K', WireChecks::flapping, Harm.WIRE),
    F19("F19", "the credentials are revoked", 'K', BackendChecks::revoked, Harm.REVOKED),
    F20("F20", "503, and Retry-After where it is known", 'K', BackendChecks::busy, Harm.BUSY),
    F22("F22", "directory, branch, table, object or document is gone", 'K', BackendChecks::gone),
    F23("F23", "most policies disappear", 'K', ContentChecks::massDeletion),
    F23_EMPTY("F23", "all policies disappear", 'K', ContentChecks::emptied),
    F24("F24", "the backend goes back to what it was, and forgets the rest", 'S', BackendChecks::goesBack),
    F25("F25", "a change is not notified", 'S', BackendChecks::notNotified, Harm.MUTE),
    F28("F28", "two edits at once, of the same size", 'A', ContentChecks::editsAtOnce),
    F29("F29", "deleted, and created again as it was", 'A', ContentChecks::deletedAndCreated),
    F30("F30", "the directory is replaced by renaming", 'S', BackendChecks::replaced, Harm.REPLACED),
    F32("F32", "another document changes all the time", 'A', ContentChecks::churn),
    F35("F35", "one broken document among many", 'R', ContentChecks::brokenDocument),
    F36("F36", "a document made to exhaust its reader", 'R', ContentChecks::hostileDocument),
    F37("F37", "an id twice", 'R', ContentChecks::idTwice),
    F38("F38", "what others import is removed", 'R', ContentChecks::importRemoved),
    F39("F39", "a page of HTML in place of a document", 'R', ContentChecks::htmlPage),
    F41("F41", "a subscriber throws", 'C', StoreChecks::subscriberThrows),
    F42("F42", "a subscriber never returns", 'C', StoreChecks::subscriberHangs),
    F44("F44", "a gate throws", 'R', StoreChecks::gateThrows),
    F45("F45", "closed while the backend does not answer", 'A', WireChecks::closedInTheMiddle, Harm.WIRE);

    /** Makes things go wrong and checks what comes of it. */
    interface Check {
        void run(Scene scene) throws Exception;
    }

    private final String code;
    private final String title;
    private final char promise;
    private final Check check;
    private final Set<Harm> needs = EnumSet.noneOf(Harm.class);

    Row(String code, String title, char promise, Check check, Harm... needs) {
        this.code = code;
        this.title = title;
        this.promise = promise;
        this.check = check;
        this.needs.addAll(Arrays.asList(needs));
    }

    /** Returns the fault's number, which kinds of one fault share. */
    String code() {
        return code;
    }

    String title() {
        return title;
    }

    /** Returns the letter of what is promised. */
    char promise() {
        return promise;
    }

    Stream<Harm> needs() {
        return needs.stream();
    }

    void run(Scene scene) throws Exception {
        check.run(scene);
    }
}
