// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.spi;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * One setting of a driver, described well enough to draw its field and to check what was typed. A driver hands its
 * settings out with {@link CameraDriver#settings()}; what a user gives comes in {@link DeviceTarget#settings()}, as text
 * whatever the kind. Immutable: begin with one of the factories and add to it.
 *
 * <pre>{@code
 * DriverSetting.integer("channel", Wording.of("Channel").in("de", "Kanal"), 1, 64).byDefault("1")
 * }</pre>
 *
 * @since 1.1
 */
public final class DriverSetting {
    /** What a value looks like; more follow in minor versions, a {@code switch} needs a default branch. */
    public enum Kind {
        STRING,
        /** Digits with an optional minus sign. */
        INTEGER,
        /** {@code true} or {@code false}. */
        BOOLEAN,
        /** One of {@link #choices()}. */
        CHOICE,
        /** A text that is stored sealed and never given out, such as an API key. */
        SECRET
    }

    /** A value that can be chosen, and what people read. */
    public record Choice(String value, Wording title) {
        public Choice {
            Objects.requireNonNull(value, "value");
            Objects.requireNonNull(title, "title");
        }
    }

    /** A value of more characters is refused. */
    public static final int VALUE_CHARS_MAX = 500;

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final Pattern WHOLE = Pattern.compile("-?[0-9]{1,18}");
    private static final int CHOICES_MAX = 200;

    private final String name;
    private final Kind kind;
    private final Wording title;
    private final Values values;
    private final Terms terms;

    /** What a text must look like, and how that is said. */
    private record Form(Pattern pattern, Wording said) {}

    /** What its kind needs. */
    private record Values(List<Choice> choices, OptionalLong min, OptionalLong max) {
        static final Values ANY = new Values(List.of(), OptionalLong.empty(), OptionalLong.empty());
    }

    /** What may be added to any. */
    private record Terms(
            Optional<Wording> description, Optional<String> defaultValue, Optional<Form> form, boolean required) {
        static final Terms NONE = new Terms(Optional.empty(), Optional.empty(), Optional.empty(), false);
    }

    private DriverSetting(String name, Kind kind, Wording title, Values values, Terms terms) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "a setting's name has 1..64 letters, digits, dots, hyphens and underscores: " + name);
        }
        this.name = name;
        this.kind = kind;
        this.title = Objects.requireNonNull(title, "title");
        this.values = values;
        this.terms = terms;
    }

    private DriverSetting with(Terms others) {
        return new DriverSetting(name, kind, title, values, others);
    }

    public static DriverSetting string(String name, Wording title) {
        return new DriverSetting(name, Kind.STRING, title, Values.ANY, Terms.NONE);
    }

    /** A whole number from {@code min} to {@code max}, both included. */
    public static DriverSetting integer(String name, Wording title, long min, long max) {
        if (min > max) {
            throw new IllegalArgumentException(name + ": min " + min + " is greater than max " + max);
        }
        return new DriverSetting(
                name,
                Kind.INTEGER,
                title,
                new Values(List.of(), OptionalLong.of(min), OptionalLong.of(max)),
                Terms.NONE);
    }

    public static DriverSetting bool(String name, Wording title) {
        return new DriverSetting(name, Kind.BOOLEAN, title, Values.ANY, Terms.NONE);
    }

    /** One of some values, offered in this order. */
    public static DriverSetting choice(String name, Wording title, List<Choice> choices) {
        Set<String> different = choices.stream().map(Choice::value).collect(Collectors.toSet());
        if (choices.isEmpty() || choices.size() > CHOICES_MAX || different.size() < choices.size()) {
            throw new IllegalArgumentException(name + ": 1 to " + CHOICES_MAX + " choices of different values");
        }
        return new DriverSetting(
                name,
                Kind.CHOICE,
                title,
                new Values(List.copyOf(choices), OptionalLong.empty(), OptionalLong.empty()),
                Terms.NONE);
    }

    public static DriverSetting secret(String name, Wording title) {
        return new DriverSetting(name, Kind.SECRET, title, Values.ANY, Terms.NONE);
    }

    /** {@return this with a sentence that explains it} */
    public DriverSetting described(Wording sentence) {
        return with(new Terms(Optional.of(sentence), terms.defaultValue, terms.form, terms.required));
    }

    /**
     * {@return this with what counts when nothing is given} It is shown, never stored: the driver itself takes it when
     * the setting is not among those of the target. A secret has none.
     */
    public DriverSetting byDefault(String value) {
        Optional<Wording> wrong = problem(value);
        if (wrong.isPresent() || kind == Kind.SECRET) {
            throw new IllegalArgumentException(name + " cannot have the default " + value);
        }
        return with(new Terms(terms.description, Optional.of(value), terms.form, terms.required));
    }

    /**
     * {@return this with the form its text must have, for {@link Kind#STRING} and {@link Kind#SECRET}}
     *
     * @param form matched against the whole text; must not backtrack without bound
     * @param said goes on behind the setting's name: "must be an IP address"
     */
    public DriverSetting matching(Pattern form, Wording said) {
        return with(
                new Terms(terms.description, terms.defaultValue, Optional.of(new Form(form, said)), terms.required));
    }

    /** {@return this as one that must be given} */
    public DriverSetting mandatory() {
        return with(new Terms(terms.description, terms.defaultValue, terms.form, true));
    }

    public String name() {
        return name;
    }

    public Kind kind() {
        return kind;
    }

    public Wording title() {
        return title;
    }

    public Optional<Wording> description() {
        return terms.description;
    }

    public Optional<String> defaultValue() {
        return terms.defaultValue;
    }

    /** {@return the choices in the order they are offered; empty but for {@link Kind#CHOICE}} */
    public List<Choice> choices() {
        return values.choices;
    }

    /** {@return the least value; of {@link Kind#INTEGER} only} */
    public OptionalLong min() {
        return values.min;
    }

    /** {@return the greatest value; of {@link Kind#INTEGER} only} */
    public OptionalLong max() {
        return values.max;
    }

    /** {@return whether it must be given} */
    public boolean required() {
        return terms.required;
    }

    /** {@return what is wrong with a value, to go on behind the setting's name; empty when nothing is} */
    public Optional<Wording> problem(String value) {
        if (value.length() > VALUE_CHARS_MAX) {
            return said("must have at most " + VALUE_CHARS_MAX + " characters");
        }
        return switch (kind) {
            case INTEGER ->
                isWithin(value)
                        ? Optional.empty()
                        : said("must be a whole number, " + values.min.orElseThrow() + ".." + values.max.orElseThrow());
            case BOOLEAN ->
                value.equals("true") || value.equals("false") ? Optional.empty() : said("must be true or false");
            case CHOICE ->
                values.choices.stream().anyMatch(choice -> choice.value().equals(value))
                        ? Optional.empty()
                        : said("must be one of "
                                + values.choices.stream()
                                        .map(Choice::value)
                                        .sorted()
                                        .collect(Collectors.joining(", ")));
            default ->
                terms.form
                        .filter(wanted -> !wanted.pattern().matcher(value).matches())
                        .map(Form::said);
        };
    }

    private boolean isWithin(String value) {
        if (!WHOLE.matcher(value).matches()) {
            return false;
        }
        long number = Long.parseLong(value);
        return number >= values.min.orElseThrow() && number <= values.max.orElseThrow();
    }

    private static Optional<Wording> said(String english) {
        return Optional.of(Wording.of(english));
    }

    /**
     * Checks settings against all that a driver knows. A misspelt name is a problem rather than ignored: it would silently
     * not help.
     *
     * @param known each name once
     * @return what is wrong, by the setting's name, to go on behind it; empty when nothing is
     */
    public static Map<String, String> problems(List<DriverSetting> known, Map<String, String> given) {
        Map<String, String> wrong = new TreeMap<>();
        Set<String> names = new HashSet<>();
        for (DriverSetting setting : known) {
            names.add(setting.name);
            String value = given.get(setting.name);
            if (value != null) {
                setting.problem(value).ifPresent(said -> wrong.put(setting.name, said.english()));
            } else if (setting.terms.required) {
                wrong.put(setting.name, "must be given");
            }
        }
        for (String name : given.keySet()) {
            if (!names.contains(name)) {
                wrong.put(name, "is not known to this driver; it knows " + listed(known));
            }
        }
        return wrong;
    }

    /**
     * As {@link #problems}, for a driver's own {@link CameraDriver#open}: it may be asked by a platform that does not check.
     *
     * @throws DriverException kind CONFIG, naming the first setting that cannot work
     */
    public static void check(List<DriverSetting> known, Map<String, String> given) throws DriverException {
        Optional<Map.Entry<String, String>> wrong =
                problems(known, given).entrySet().stream().findFirst();
        if (wrong.isPresent()) {
            throw new DriverException(
                    DriverException.Kind.CONFIG,
                    "The field settings." + wrong.get().getKey() + " "
                            + wrong.get().getValue() + ".");
        }
    }

    private static String listed(List<DriverSetting> known) {
        List<String> names =
                new ArrayList<>(known.stream().map(DriverSetting::name).sorted().toList());
        if (names.isEmpty()) {
            return "none";
        }
        String last = names.remove(names.size() - 1);
        return names.isEmpty() ? last : String.join(", ", names) + " and " + last;
    }

    @Override
    public String toString() {
        return name + ": " + kind;
    }
}
