package io.authzengine.storage.benchmarks.corpus;

import io.authzengine.storage.benchmarks.corpus.Exports.Exported;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Policies of every kind of Cerbos's, one a file, about 1.7 KB each: 70 of 100 about resources, 15 about principals, 10 sets of derived
 * roles, 5 of variables or constants. About every seventh resource policy belongs to a scope, and four of ten import derived roles. The
 * same number and seed always give the same bytes.
 */
public final class Corpus {
    /** What is used unless told otherwise. */
    public static final long SEED = 1;

    private static final int FEWEST = 20;
    private static final List<String> SCOPES = List.of("", "north", "north.sales");

    private final Dice dice;
    private final List<Document> documents = new ArrayList<>();

    private Corpus(long seed) {
        this.dice = new Dice(seed);
    }

    /** Makes {@code policies} of them, at least 20. */
    public static void main(String[] args) throws IOException {
        int policies = Integer.parseInt(args[1]);
        write(Path.of(args[0]), policies, args.length > 2 ? Long.parseLong(args[2]) : SEED);
        System.out.printf(Locale.ROOT, "%d policies written to %s%n", policies, args[0]);
    }

    /**
     * Writes a corpus, with the schemas its policies refer to, below {@code directory}, which is made.
     *
     * @throws IllegalArgumentException if fewer than 20 policies are asked for, or the directory is not empty
     */
    public static void write(Path directory, int policies, long seed) throws IOException {
        Files.createDirectories(directory);
        try (var files = Files.list(directory)) {
            if (files.findAny().isPresent()) {
                throw new IllegalArgumentException(directory + " is not empty; name a new one");
            }
        }
        List<Document> all = new ArrayList<>(of(policies, seed));
        all.addAll(Schemas.of(schemas(policies), new Dice(seed)));
        for (Document document : all) {
            Path file = directory.resolve(document.path());
            Files.createDirectories(file.resolveSibling(""));
            Files.writeString(file, document.text());
        }
    }

    /**
     * Returns the policies of a corpus, without schemas.
     *
     * @throws IllegalArgumentException if fewer than 20 are asked for
     */
    public static List<Document> of(int policies, long seed) {
        if (policies < FEWEST) {
            throw new IllegalArgumentException("a corpus has at least " + FEWEST + " policies, not " + policies);
        }
        Corpus corpus = new Corpus(seed);
        corpus.make(policies);
        return List.copyOf(corpus.documents);
    }

    private static int schemas(int policies) {
        return Math.max(2, policies / 500);
    }

    private void make(int policies) {
        int exports = Math.max(2, Math.round(policies * 0.05f));
        int roleSets = Math.round(policies * 0.1f);
        int principals = Math.round(policies * 0.15f);
        int resources = policies - exports - roleSets - principals;
        Exports exporting = new Exports(dice);
        List<Exported> variables =
                IntStream.range(0, exports / 2).mapToObj(exporting::variables).toList();
        List<Exported> constants = IntStream.range(0, exports - exports / 2)
                .mapToObj(exporting::constants)
                .toList();
        variables.forEach(exported -> documents.add(exported.document()));
        constants.forEach(exported -> documents.add(exported.document()));
        DerivedRoleSets sets = new DerivedRoleSets(dice, variables);
        for (int i = 0; i < roleSets; i++) {
            documents.add(sets.next());
        }
        List<String> named =
                makeResources(resources, new ResourcePolicies(dice, sets, variables, constants, schemas(policies)));
        makePrincipals(principals, new PrincipalPolicies(dice, named));
    }

    /** Whoever is in a scope has a policy outside of it too. */
    private List<String> makeResources(int count, ResourcePolicies resources) {
        List<String> named = new ArrayList<>();
        int until = documents.size() + count;
        for (int number = 0; documents.size() < until; number++) {
            String name = resources.name(number);
            named.add(name);
            int scopes = dice.percent(6) ? 3 : dice.percent(8) ? 2 : 1;
            for (int scope = 0; scope < scopes && documents.size() < until; scope++) {
                documents.add(resources.of(number, name, SCOPES.get(scope)));
            }
        }
        return named;
    }

    private void makePrincipals(int count, PrincipalPolicies principals) {
        int until = documents.size() + count;
        for (int number = 0; documents.size() < until; number++) {
            String name = principals.name(number);
            int scopes = dice.percent(11) ? 2 : 1;
            for (int scope = 0; scope < scopes && documents.size() < until; scope++) {
                documents.add(principals.of(number, name, SCOPES.get(scope)));
            }
        }
    }
}
