package io.authzengine.storage.parser;

/** Reads the names of rules of one list, of which no two may be equal. */
final class UniqueNames {
    private final DocumentReader in;
    private final String of;
    private final MappingKeys seen = new MappingKeys();

    UniqueNames(DocumentReader in, String of) {
        this.in = in;
        this.of = of;
    }

    /** Reads an optional name. */
    String next() {
        return next(NameRule.RULE);
    }

    String next(NameRule rule) {
        long position = in.position();
        String name = in.name("the name of a " + of, rule);
        long first = name.isEmpty() ? 0 : seen.add(name, position);
        if (first != 0) {
            in.problems()
                    .invalid(
                            position,
                            "the " + of + " name " + Shown.quoted(name) + " is already used at "
                                    + Shown.position(first),
                            "give one of them another name");
        }
        return name;
    }
}
