// SPDX-License-Identifier: Apache-2.0
package org.nxvms.console.extensions.found;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.nxvms.platform.api.security.Permission;

/**
 * What an extension says of itself, as its vendor wrote it into {@code extension.json}. What stands here can be shown before
 * any of its code is loaded. Whether the slots and the version of the console's interface are known is the console's own
 * question: it comes and goes without this bundle.
 *
 * @param id of the extension, part of addresses of the console; one extension each
 * @param apiVersion of the interface it was written for, such as {@code 1.0}
 * @param entry the module that is loaded first, a path below the description's folder
 * @param title what it is called: a key of {@code texts}
 * @param requires rights its users have, all of them; for others it is not there
 * @param texts by language, then by key; English is what is shown where another language lacks a text
 * @param contributes what it adds
 */
public record Description(
        String id,
        String apiVersion,
        String entry,
        String title,
        Optional<List<Permission>> requires,
        Map<String, Map<String, String>> texts,
        List<Contribution> contributes) {
    /** More than anybody finds in one console. */
    private static final int CONTRIBUTIONS_MAX = 40;

    private static final int LANGUAGES_MAX = 60;
    private static final int TEXTS_MAX = 1_000;
    private static final int TEXT_CHARS_MAX = 2_000;
    private static final String FALLBACK = "en";

    /** Without dots: a part of an address that a browser may be reloaded at, where a dot would mean a file. */
    private static final Pattern ID = Pattern.compile("[a-z][a-z0-9-]{1,39}");

    private static final Pattern API_VERSION = Pattern.compile("[1-9][0-9]{0,2}\\.[0-9]{1,3}");
    private static final Pattern SLOT = Pattern.compile("[a-z]+(\\.[a-z]+){1,3}");
    private static final Pattern LANGUAGE = Pattern.compile("[a-z]{2,3}(-[A-Za-z0-9]{2,8})*");
    private static final Pattern KEY = Pattern.compile("[A-Za-z][A-Za-z0-9_.-]{0,99}");

    public Description {
        Objects.requireNonNull(id, "id");
        check(ID, id, "id must be 2 to 40 lower-case letters, digits and hyphens, a letter first, such as plates");
        Objects.requireNonNull(apiVersion, "apiVersion");
        check(
                API_VERSION,
                apiVersion,
                "apiVersion must be the version of the console's interface it was written for, such as 1.0");
        Objects.requireNonNull(entry, "entry");
        if (!Names.isPath(entry) || !entry.endsWith(".js")) {
            throw new IllegalArgumentException(
                    "entry must be the path of a module below the folder of extension.json, such as plates.js");
        }
        Objects.requireNonNull(title, "title");
        Objects.requireNonNull(requires, "requires");
        Objects.requireNonNull(texts, "texts");
        checkTexts(texts);
        Objects.requireNonNull(contributes, "contributes");
        if (contributes.isEmpty() || contributes.size() > CONTRIBUTIONS_MAX) {
            throw new IllegalArgumentException("contributes must list 1 to " + CONTRIBUTIONS_MAX + " contributions");
        }
        Set<String> known = texts.get(FALLBACK).keySet();
        checkKnown("title", title, known);
        Set<String> names = new HashSet<>();
        for (Contribution one : contributes) {
            if (!names.add(one.name())) {
                throw new IllegalArgumentException("contributes names " + one.name()
                        + " twice; what the module registers for it would be unclear");
            }
            one.title().ifPresent(key -> checkKnown("contributes", key, known));
        }
        contributes = List.copyOf(contributes);
    }

    /**
     * One thing that is added.
     *
     * @param slot where, in the console's words
     * @param name within the extension; the module registers by it what is shown
     * @param title a key of the texts
     * @param icon a picture below the description's folder
     * @param requires further rights its users have
     */
    public record Contribution(
            String slot,
            String name,
            Optional<String> title,
            Optional<String> icon,
            Optional<List<Permission>> requires) {
        public Contribution {
            Objects.requireNonNull(slot, "slot");
            check(SLOT, slot, "slot must be one of the console's slots, such as nav.page");
            Objects.requireNonNull(name, "name");
            check(
                    ID,
                    name,
                    "name must be 2 to 40 lower-case letters, digits and hyphens, a letter first, such as list");
            Objects.requireNonNull(title, "title");
            Objects.requireNonNull(icon, "icon");
            icon.ifPresent(path -> {
                if (!Names.isPath(path) || !(path.endsWith(".svg") || path.endsWith(".png"))) {
                    throw new IllegalArgumentException(
                            "icon must be the path of an .svg or .png below the folder of extension.json");
                }
            });
            Objects.requireNonNull(requires, "requires");
        }
    }

    private static void checkTexts(Map<String, Map<String, String>> texts) {
        if (texts.size() > LANGUAGES_MAX || !texts.containsKey(FALLBACK)) {
            throw new IllegalArgumentException(
                    "texts must hold a catalogue for en, and " + LANGUAGES_MAX + " languages at most");
        }
        texts.forEach((language, catalogue) -> {
            check(LANGUAGE, language, "texts names a language that is none: they are like de or pt-BR");
            if (catalogue == null || catalogue.size() > TEXTS_MAX) {
                throw new IllegalArgumentException(
                        "texts must hold " + TEXTS_MAX + " texts of a language at most, by their keys");
            }
            catalogue.forEach((key, text) -> {
                check(KEY, key, "texts has a key that is no word of letters, digits, dots, - and _");
                if (text == null || text.length() > TEXT_CHARS_MAX) {
                    throw new IllegalArgumentException(
                            "texts must be texts of " + TEXT_CHARS_MAX + " characters at most; " + key + " is not");
                }
            });
        });
    }

    private static void checkKnown(String field, String key, Set<String> known) {
        if (!known.contains(key)) {
            throw new IllegalArgumentException(field + " must be a key of texts.en, and " + key + " is none");
        }
    }

    private static void check(Pattern pattern, String text, String message) {
        if (!pattern.matcher(text).matches()) {
            throw new IllegalArgumentException(message);
        }
    }
}
