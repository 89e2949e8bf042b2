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
    private final List<Choice> choices;
    private final OptionalLong min;
    private final OptionalLong max;
    private final Optional<Wording> description;
    private final Optional<String> defaultValue;
    private final Optional<Form> form;
    private final boolean required;

    /** What a text must look like, and how that is said. */
    private record Form(Pattern pattern, Wording said) {}

    private DriverSetting(Draft draft) {
        name = draft.name;
        kind = draft.kind;
        title = draft.title;
        choices = draft.choices;
        min = draft.min;
        max = draft.max;
        description = draft.description;
        defaultValue = draft.defaultValue;
        form = draft.form;
        required = draft.required;
    }

    /** Everything above while it is put together. */
    private static final class Draft {
        private final String name;
        private final Kind kind;
        private final Wording title;
        private List<Choice> choices = List.of();
        private OptionalLong min = OptionalLong.empty();
        private OptionalLong max = OptionalLong.empty();
        private Optional<Wording> description = Optional.empty();
        private Optional<String> defaultValue = Optional.empty();
        private Optional<Form> form = Optional.empty();
        private boolean required;

        Draft(String name, Kind kind, Wording title) {
            if (!NAME.matcher(name).matches()) {
                throw new IllegalArgumentException(
                        "a setting's name has 1..64 letters, digits, dots, hyphens and underscores: " + name);
            }
            this.name = name;
            this.kind = kind;
            this.title = Objects.requireNonNull(title, "title");
        }

        Draft(DriverSetting before) {
            this(before.name, before.kind, before.title);
            choices = before.choices;
            min = before.min;
            max = before.max;
            description = before.description;
            defaultValue = before.defaultValue;
            form = before.form;
            required = before.required;
        }
    }

    public static DriverSetting string(String name, Wording title) {
        return new DriverSetting(new Draft(name, Kind.STRING, title));
    }

    /** A whole number from {@code min} to {@code max}, both included. */
    public static DriverSetting integer(String name, Wording title, long min, long max) {
        if (min > max) {
            throw new IllegalArgumentException(name + ": min " + min + " is greater than max " + max);
        }
        Draft draft = new Draft(name, Kind.INTEGER, title);
        draft.min = OptionalLong.of(min);
        draft.max = OptionalLong.of(max);
        return new DriverSetting(draft);
    }

    public static DriverSetting bool(String name, Wording title) {
        return new DriverSetting(new Draft(name, Kind.BOOLEAN, title));
    }

    /** One of some values, offered in this order. */
    public static DriverSetting choice(String name, Wording title, List<Choice> choices) {
        Set<String> values = choices.stream().map(Choice::value).collect(Collectors.toSet());
        if (choices.isEmpty() || choices.size() > CHOICES_MAX || values.size() < choices.size()) {
            throw new IllegalArgumentException(name + ": 1 to " + CHOICES_MAX + " choices of different values");
        }
        Draft draft = new Draft(name, Kind.CHOICE, title);
        draft.choices = List.copyOf(choices);
        return new DriverSetting(draft);
    }

    public static DriverSetting secret(String name, Wording title) {
        return new DriverSetting(new Draft(name, Kind.SECRET, title));
    }

    /** {@return this with a sentence that explains it} */
    public DriverSetting described(Wording sentence) {
        Draft draft = new Draft(this);
        draft.description = Optional.of(sentence);
        return new DriverSetting(draft);
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
        Draft draft = new Draft(this);
        draft.defaultValue = Optional.of(value);
        return new DriverSetting(draft);
    }

    /**
     * {@return this with the form its text must have, for {@link Kind#STRING} and {@link Kind#SECRET}}
     *
     * @param form matched against the whole text; must not backtrack without bound
     * @param said goes on behind the setting's name: "must be an IP address"
     */
    public DriverSetting matching(Pattern form, Wording said) {
        Draft draft = new Draft(this);
        draft.form = Optional.of(new Form(form, said));
        return new DriverSetting(draft);
    }

    /** {@return this as one that must be given} */
    public DriverSetting mandatory() {
        Draft draft = new Draft(this);
        draft.required = true;
        return new DriverSetting(draft);
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
        return description;
    }

    public Optional<String> defaultValue() {
        return defaultValue;
    }

    /** {@return the choices in the order they are offered; empty but for {@link Kind#CHOICE}} */
    public List<Choice> choices() {
        return choices;
    }

    /** {@return the least value; of {@link Kind#INTEGER} only} */
    public OptionalLong min() {
        return min;
    }

    /** {@return the greatest value; of {@link Kind#INTEGER} only} */
    public OptionalLong max() {
        return max;
    }

    /** {@return whether it must be given} */
    public boolean required() {
        return required;
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
                        : said("must be a whole number, " + min.orElseThrow() + ".." + max.orElseThrow());
            case BOOLEAN ->
                value.equals("true") || value.equals("false") ? Optional.empty() : said("must be true or false");
            case CHOICE ->
                choices.stream().anyMatch(choice -> choice.value().equals(value))
                        ? Optional.empty()
                        : said("must be one of "
                                + choices.stream().map(Choice::value).sorted().collect(Collectors.joining(", ")));
            default ->
                form.filter(wanted -> !wanted.pattern().matcher(value).matches())
                        .map(Form::said);
        };
    }

    private boolean isWithin(String value) {
        if (!WHOLE.matcher(value).matches()) {
            return false;
        }
        long number = Long.parseLong(value);
        return number >= min.orElseThrow() && number <= max.orElseThrow();
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
            } else if (setting.required) {
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
