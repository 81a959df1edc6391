package io.authzengine.storage.benchmarks.corpus;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Sets of variables and of constants, which other policies import. */
final class Exports {
    private final Dice dice;
    private final PolicyText text;
    private final Conditions conditions;

    /**
     * What can be imported.
     *
     * @param name by what name
     * @param expressions what can be asked by means of it
     */
    record Exported(String name, List<String> expressions, Document document) {}

    Exports(Dice dice) {
        this.dice = dice;
        this.text = new PolicyText(dice);
        this.conditions = new Conditions(dice);
    }

    Exported variables(int number) {
        String name = name("vars", number);
        List<String> definitions = new ArrayList<>();
        List<String> expressions = new ArrayList<>();
        for (String variable : dice.some(Vocabulary.VARIABLES, dice.between(4, 8))) {
            definitions.add("    " + variable + ": " + conditions.scalar(List.of()) + "\n");
            expressions.add("V." + variable);
        }
        return exported("exportVariables", "export_variables", name, definitions, expressions);
    }

    Exported constants(int number) {
        String name = name("consts", number);
        List<String> definitions = new ArrayList<>();
        List<String> expressions = new ArrayList<>();
        int count = dice.between(5, 9);
        for (int i = 1; i <= count; i++) {
            if (dice.percent(50)) {
                definitions.add("    ceiling_" + i + ": " + dice.between(1, 200) * 500 + "\n");
                expressions.add("request.resource.attr.sum <= C.ceiling_" + i);
            } else {
                List<String> countries = dice.some(Vocabulary.COUNTRIES, dice.between(2, 4));
                definitions.add("    countries_" + i + ": " + Lines.listed(countries) + "\n");
                expressions.add("request.principal.attr.country in C.countries_" + i);
            }
        }
        return exported("exportConstants", "export_constants", name, definitions, expressions);
    }

    private String name(String of, int number) {
        return String.format(Locale.ROOT, "%s_%s_%05d", of, dice.one(Vocabulary.AREAS), number);
    }

    private Exported exported(
            String kind, String directory, String name, List<String> definitions, List<String> expressions) {
        String begin = new Lines()
                .add(0, kind + ":")
                .add(2, "name: " + name)
                .add(2, "definitions:")
                .toString();
        Document document =
                new Document(directory + "/" + name + ".yaml", text.of(begin, definitions, definitions.size()));
        return new Exported(name, expressions.subList(0, Math.min(4, expressions.size())), document);
    }
}
