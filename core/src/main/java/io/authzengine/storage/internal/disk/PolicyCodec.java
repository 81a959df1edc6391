package io.authzengine.storage.internal.disk;

import io.authzengine.storage.parser.DocumentOrigin;
import io.authzengine.storage.parser.ParsedDocument;
import io.authzengine.storage.parser.ParserLimits;
import io.authzengine.storage.parser.PolicyParser;
import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.policy.PolicyContent;
import io.authzengine.storage.policy.PolicyId;
import io.authzengine.storage.policy.PolicyMetadata;
import io.authzengine.storage.policy.Provenance;
import io.authzengine.storage.policy.RawText;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Writes and reads policies: where each comes from, its text, and what the parser made of it, so that a start need not parse. What
 * another parser made is passed over and the text parsed again.
 */
final class PolicyCodec {
    private static final int HASH_BYTES = 32;
    private static final ParserLimits WIDE =
            new ParserLimits(Integer.MAX_VALUE, Integer.MAX_VALUE, 1000, Integer.MAX_VALUE, Integer.MAX_VALUE, 1000);

    private PolicyCodec() {}

    static void write(ByteWriter out, Policy policy) {
        PolicyMetadata metadata = policy.metadata();
        out.text(metadata.id().value());
        out.text(metadata.provenance().driverId());
        out.text(metadata.provenance().location());
        out.number(metadata.provenance().line());
        out.text(metadata.provenance().revision());
        out.text(metadata.provenance().author());
        out.optional(metadata.lastModified(), ByteWriter::instant);
        hash(out, metadata.contentHash());
        out.whole(policy.raw().toByteArray());
        int begun = out.begin();
        ContentCodec.write(out, policy.content());
        out.end(begun);
        out.list(policy.mergedFrom(), PolicyCodec::write);
    }

    /** Reads a policy whose content was made by this parser. */
    static Policy read(ByteReader in) {
        return read(in, false);
    }

    /** Reads a policy whose content was made by another parser: its text is parsed again. */
    static Policy parse(ByteReader in) {
        return read(in, true);
    }

    private static Policy read(ByteReader in, boolean again) {
        PolicyId id = new PolicyId(in.text());
        Provenance provenance = new Provenance(in.text(), in.text(), in.place(), in.text(), in.text());
        Optional<Instant> lastModified = in.optional(ByteReader::instant);
        String hash = hash(in);
        RawText raw = in.raw();
        int end = in.endOfPart();
        PolicyContent content = again ? parse(raw, provenance) : ContentCodec.read(in);
        in.moveTo(end);
        return new Policy(
                new PolicyMetadata(
                        id,
                        content.kind(),
                        content.name(),
                        content.version(),
                        content.scope(),
                        provenance,
                        lastModified,
                        hash),
                content,
                raw,
                in.list(again ? PolicyCodec::parse : PolicyCodec::read));
    }

    private static PolicyContent parse(RawText raw, Provenance provenance) {
        DocumentOrigin origin = new DocumentOrigin(
                provenance.driverId(), provenance.document(), provenance.revision(), Optional.empty());
        ParsedDocument parsed = new PolicyParser(WIDE).parse(raw.toByteArray(), origin);
        if (parsed.hasErrors() || parsed.policies().size() != 1) {
            throw new IllegalStateException(provenance.location() + " is not valid any more: " + parsed.findings());
        }
        return parsed.policies().get(0).content();
    }

    private static void hash(ByteWriter out, String hash) {
        boolean hex = hash.length() == 2 * HASH_BYTES
                && hash.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
        out.number(hex ? 1 : 0);
        if (hex) {
            out.plain(HexFormat.of().parseHex(hash));
        } else {
            out.text(hash);
        }
    }

    private static String hash(ByteReader in) {
        return in.is() ? HexFormat.of().formatHex(in.plain(HASH_BYTES)) : in.text();
    }
}
