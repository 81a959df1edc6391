package io.authzengine.storage.benchmarks.corpus;

import java.util.List;

/** What policies are about. */
final class Vocabulary {
    static final List<String> AREAS = List.of(
            "treasury",
            "catalog",
            "payroll",
            "fleet",
            "research",
            "retail",
            "claims",
            "hiring",
            "cloud",
            "care",
            "freight",
            "legal");

    static final List<String> THINGS = List.of(
            "work_order",
            "tax_return",
            "bank_transfer",
            "rental_contract",
            "timesheet",
            "applicant",
            "case_file",
            "mailbox",
            "spreadsheet",
            "survey",
            "experiment",
            "release",
            "server_group",
            "signing_key",
            "access_token",
            "delivery",
            "container",
            "vehicle",
            "depot",
            "sensor",
            "medication",
            "diagnosis",
            "appointment",
            "patient_file",
            "voucher",
            "price_rule",
            "basket",
            "return_slip",
            "newsletter",
            "segment",
            "budget",
            "forecast",
            "ledger",
            "audit_trail",
            "backlog",
            "milestone",
            "badge",
            "meeting_room",
            "floor_plan",
            "license");

    static final List<String> ACTIONS = List.of(
            "read",
            "read:summary",
            "search",
            "open",
            "edit",
            "remove",
            "release",
            "decline",
            "hand_in",
            "forward",
            "download",
            "freeze",
            "reopen",
            "annotate",
            "delegate",
            "move",
            "inspect",
            "countersign");

    static final List<String> ROLES =
            List.of("member", "staff", "team_lead", "operator", "reviewer", "partner", "robot", "visitor", "steward");

    static final List<String> FURTHER_ROLES = List.of(
            "author", "direct_manager", "country_lead", "second_pair", "duty_officer", "case_manager", "co_author");

    static final List<String> TEAMS = List.of("platform", "products", "accounts", "logistics", "people", "assurance");

    static final List<String> COUNTRIES = List.of("AT", "BR", "CA", "JP", "KE", "NL", "PL");

    static final List<String> STATES =
            List.of("NEW", "WAITING_FOR_REVIEW", "ACCEPTED", "DECLINED", "RETIRED", "IN_FORCE");

    static final List<String> PEOPLE = List.of(
            "ada", "bela", "cora", "dmitri", "eva", "farid", "greta", "henri", "ines", "jonas", "kaya", "luis", "mira",
            "noor", "olga", "pavel", "rania", "stefan", "tomas", "yuki");

    static final List<String> VARIABLES =
            List.of("written_by", "same_team", "at_home", "still_open", "small_sum", "recent", "trusted", "not_frozen");

    private static final List<String> PROSE = List.of(
            ("whoever works in this area may do what the job asks for and no more than that so figures which are closed stay"
                            + " closed and personal data is seen by those alone who answer for it to the office of assurance which looks"
                            + " through every one of these rules twice a year and writes down what it found")
                    .split(" "));

    private Vocabulary() {}

    /** Returns a sentence of {@code low} to {@code high} words. */
    static String sentence(Dice dice, int low, int high) {
        int words = dice.between(low, high);
        int start = dice.between(0, PROSE.size() - 1);
        StringBuilder sentence = new StringBuilder();
        for (int i = 0; i < words; i++) {
            String word = PROSE.get((start + i) % PROSE.size());
            sentence.append(i == 0 ? Character.toUpperCase(word.charAt(0)) + word.substring(1) : " " + word);
        }
        return sentence.append('.').toString();
    }
}
