package io.authzengine.storage.trust;

import io.authzengine.storage.trust.AcceptedNumber.Accepted;
import java.io.IOException;
import java.nio.file.Path;
import java.security.PublicKey;
import java.time.Instant;
import java.util.Optional;

/**
 * Judges documents of one name by the statements published with them. An older document than one that was accepted is refused however
 * well it is signed, also after a restart; so is another document with the same number. Not thread-safe.
 */
public final class SignatureCheck {
    private final TrustedKeys keys;
    private final String name;
    private final AcceptedNumber accepted;

    /**
     * @param keys whose signatures count
     * @param name what the document is called in its statements
     * @param file where the greatest accepted number is kept; one file for each driver and name
     */
    public SignatureCheck(TrustedKeys keys, String name, Path file) {
        this.keys = keys;
        this.name = name;
        this.accepted = new AcceptedNumber(file);
    }

    /**
     * Accepts the document with {@code digest} for what {@code statement} says it is, and remembers that. To be asked at each look, also
     * if the document is served already: whoever keeps news from arriving could otherwise keep an old document in force for ever.
     *
     * @param digest SHA-256, in hexadecimal, of the bytes as they were published, unpacked from nothing but a transfer's compression
     * @param statement the bytes that are published with it
     * @param now the time that expiry is judged by
     * @return what it says
     * @throws UntrustedException if the document must not be served, or not any more; nothing is remembered then
     * @throws IOException if it cannot be known what was accepted last, or not be remembered; it must not be served then
     */
    public Statement accept(String digest, byte[] statement, Instant now) throws UntrustedException, IOException {
        Statement said = verify(statement);
        if (!said.digest().equals(digest)) {
            throw new UntrustedException(
                    "the signature is of another document: its digest is not that of what was read",
                    "publish document and signature together; if both were just published, the next look finds them");
        }
        if (!now.isBefore(said.expires())) {
            throw new UntrustedException(
                    "the signature has expired at " + said.expires(),
                    "sign the document anew with a greater number, or find out why newer ones do not arrive");
        }
        Optional<Accepted> last = accepted.last();
        if (last.isPresent()) {
            requireNewer(said, last.get());
        }
        Accepted next = new Accepted(said.number(), said.digest());
        if (!last.equals(Optional.of(next))) {
            accepted.remember(next);
        }
        return said;
    }

    private Statement verify(byte[] bytes) throws UntrustedException {
        Statement.Signed signed;
        try {
            signed = Statement.parse(bytes);
        } catch (IllegalArgumentException e) {
            throw new UntrustedException(
                    "the signature cannot be read: " + e.getMessage(),
                    "publish it in the form the documentation gives");
        }
        Statement said = signed.statement();
        PublicKey key = keys.find(said.key())
                .orElseThrow(() -> new UntrustedException(
                        "the document is signed with a key that is not trusted; trusted are " + keys,
                        "sign it with one of those, or add the key"));
        if (!signed.isBy(key)) {
            throw new UntrustedException(
                    "the signature is not one of the key '" + said.key() + "' it names", "sign the document anew");
        }
        if (!said.name().equals(name)) {
            throw new UntrustedException(
                    "the signature is for a document of another name, expected '" + name + "'",
                    "sign the document under this name, or correct 'name'");
        }
        return said;
    }

    private static void requireNewer(Statement said, Accepted last) throws UntrustedException {
        if (said.number() < last.number()) {
            throw new UntrustedException(
                    "the document is older than what was accepted before: number " + said.number() + " after "
                            + last.number(),
                    "sign what is to be served with a number above " + last.number());
        }
        if (said.number() == last.number() && !said.digest().equals(last.digest())) {
            throw new UntrustedException(
                    "another document was accepted with the same number " + said.number(),
                    "sign this one with a number above it");
        }
    }
}
