// SPDX-License-Identifier: Apache-2.0
package org.nxvms.plugin.kit;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.felix.utils.manifest.Clause;
import org.apache.felix.utils.manifest.Parser;
import org.osgi.framework.Constants;
import org.osgi.framework.Version;
import org.osgi.framework.VersionRange;

/**
 * The laws of plugins, held against a manifest before the framework sees the file (docs/ARCHITECTURE.md, law 7). A bundle
 * that keeps them has nothing another bundle could be wired to, and takes nothing that may come and go: so bringing it,
 * changing it and taking it out can never restart anything else. One refusal, with the header that is to blame. Immutable.
 */
public final class ManifestLaws {
    /** Headers that let a refresh spread, or let code in that cannot be taken out again. */
    private static final Map<String, String> FORBIDDEN = Map.of(
            Constants.EXPORT_PACKAGE,
            "would let other bundles depend on it, and they would restart with it; a copy of a contract would even stand"
                    + " beside the server's own. Export nothing (bnd: no -exportcontents, no @Export)",
            Constants.FRAGMENT_HOST,
            "would make it a part of another bundle, which restarts with it. Make it a bundle of its own",
            Constants.DYNAMICIMPORT_PACKAGE,
            "would wire it to whatever comes later. Import what is needed with Import-Package, and embed libraries",
            Constants.REQUIRE_BUNDLE,
            "would tie it to one bundle. Import packages instead",
            Constants.BUNDLE_NATIVECODE,
            "would load native code into the server, where a fault of it ends all recording. Run it in a process of its own");

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,60}(\\.[A-Za-z0-9_-]{1,60}){1,9}");
    /** Fits an event's source and a file's name. */
    private static final int NAME_CHARS_MAX = 90;

    private static final Pattern OTHER_MANIFEST = Pattern.compile("META-INF/versions/[0-9]+/OSGI-INF/MANIFEST\\.MF");
    /** What is made for strangers; the platform's own services can do anything, down to the cameras' passwords. */
    private static final Pattern CONTRACT = Pattern.compile("org\\.nxvms\\.(media|[a-z]+\\.spi)");

    private static final List<String> JDK = List.of("javax.", "org.w3c.dom", "org.xml.sax", "org.ietf.jgss");

    private final PackageOffers offers;

    public ManifestLaws(PackageOffers offers) {
        this.offers = offers;
    }

    /** What the manifest says the plugin is called. */
    public record Identity(String name, Version version) {}

    /**
     * @param manifest main attributes of the file's manifest
     * @param entries names of all entries of the file
     * @throws BrokenLawException when it is not taken
     */
    public Identity check(Attributes manifest, Set<String> entries) throws BrokenLawException {
        for (String entry : entries) {
            if (OTHER_MANIFEST.matcher(entry).matches()) {
                throw refused(
                        "Multi-Release",
                        "The file brings a second manifest for newer Java, " + entry
                                + ". Give it one manifest for all.");
            }
        }
        if (!"2".equals(value(manifest, Constants.BUNDLE_MANIFESTVERSION).strip())) {
            throw refused(
                    Constants.BUNDLE_MANIFESTVERSION,
                    "The file is no OSGi bundle: its manifest has no"
                            + " Bundle-ManifestVersion 2. Build it as one, for example with bnd-maven-plugin.");
        }
        Identity identity = identity(manifest);
        for (Map.Entry<String, String> forbidden : FORBIDDEN.entrySet()) {
            if (!value(manifest, forbidden.getKey()).isBlank()) {
                throw refused(
                        forbidden.getKey(), "The header " + forbidden.getKey() + " " + forbidden.getValue() + ".");
            }
        }
        for (Clause clause : clauses(manifest, Constants.PROVIDE_CAPABILITY)) {
            if (!clause.getName().equals("osgi.service")) {
                throw refused(
                        Constants.PROVIDE_CAPABILITY,
                        "It provides the capability " + clause.getName()
                                + ", on which other bundles would depend. Provide osgi.service only.");
            }
        }
        for (Clause clause : clauses(manifest, Constants.REQUIRE_CAPABILITY)) {
            boolean atResolve = !"active".equals(clause.getDirective(Constants.EFFECTIVE_DIRECTIVE));
            if (atResolve && isOptional(clause)) {
                throw optional(Constants.REQUIRE_CAPABILITY, clause.getName());
            }
        }
        for (Clause clause : clauses(manifest, Constants.IMPORT_PACKAGE)) {
            checkImport(clause);
        }
        return identity;
    }

    private Identity identity(Attributes manifest) throws BrokenLawException {
        Clause[] clauses = clauses(manifest, Constants.BUNDLE_SYMBOLICNAME);
        String name = clauses.length == 1 ? clauses[0].getName() : "";
        if (name.length() > NAME_CHARS_MAX || !NAME.matcher(name).matches()) {
            throw refused(
                    Constants.BUNDLE_SYMBOLICNAME,
                    "The symbolic name must be two to ten words of letters, digits," + " - and _ joined by dots, "
                            + NAME_CHARS_MAX + " characters at most, like org.example.driver.x.");
        }
        if ("true".equals(clauses[0].getDirective(Constants.SINGLETON_DIRECTIVE))) {
            throw refused(
                    Constants.BUNDLE_SYMBOLICNAME,
                    "With singleton:=true a new version cannot come up beside the old"
                            + " one. Leave the directive out.");
        }
        String version = value(manifest, Constants.BUNDLE_VERSION).strip();
        try {
            if (!version.isEmpty()) {
                return new Identity(name, Version.parseVersion(version));
            }
        } catch (IllegalArgumentException noVersion) {
            throw refused(Constants.BUNDLE_VERSION, "\"" + cut(version) + "\" is no version. Give one like 1.0.0.");
        }
        throw refused(Constants.BUNDLE_VERSION, "Its manifest has no Bundle-Version. Give one like 1.0.0.");
    }

    private void checkImport(Clause clause) throws BrokenLawException {
        String name = clause.getName();
        if (isOptional(clause)) {
            throw optional(Constants.IMPORT_PACKAGE, name);
        }
        String said = clause.getAttribute(Constants.VERSION_ATTRIBUTE);
        VersionRange range = range(name, said == null ? "0" : said);
        boolean house = CONTRACT.matcher(name).matches();
        if (house && range.getRight() == null) {
            throw refused(
                    Constants.IMPORT_PACKAGE,
                    "It imports " + name + " without a version range, so that it would be"
                            + " started with a contract it does not know. Import it with a range such as [1.0,2); bnd does so.");
        }
        boolean jdk = JDK.stream().anyMatch(name::startsWith);
        boolean known = house
                || jdk
                || name.startsWith("org.osgi.")
                || name.equals("org.slf4j")
                || name.startsWith("org.slf4j.")
                || name.startsWith("java.");
        if (!known) {
            throw refused(
                    Constants.IMPORT_PACKAGE,
                    "It imports " + name + ", which is none of the server's contracts for plugins (media and the SPIs),"
                            + " org.osgi, org.slf4j or the JDK. Embed the library (bnd: -conditionalpackage, -includeresource).");
        }
        if (name.startsWith("java.")) {
            return;
        }
        List<PackageOffers.Offer> all = offers.of(name);
        if (all.stream().noneMatch(offer -> range.includes(offer.version()) && (!jdk || offer.system()))) {
            String there = all.isEmpty()
                    ? "this server does not have it"
                    : "this server has version "
                            + all.stream()
                                    .map(offer -> offer.version().toString())
                                    .distinct()
                                    .sorted()
                                    .collect(Collectors.joining(", "));
            throw refused(
                    Constants.IMPORT_PACKAGE,
                    "It imports " + name + " " + range + ", and " + there
                            + ". Take a version of the plugin that was built for this server, or update the server.");
        }
    }

    private static VersionRange range(String name, String text) throws BrokenLawException {
        try {
            return new VersionRange(text);
        } catch (IllegalArgumentException noRange) {
            throw refused(
                    Constants.IMPORT_PACKAGE,
                    "It imports " + name + " in \"" + cut(text) + "\", which is no range of"
                            + " versions. Write one like [1.0,2).");
        }
    }

    private static boolean isOptional(Clause clause) {
        String resolution = clause.getDirective(Constants.RESOLUTION_DIRECTIVE);
        return resolution != null && !resolution.equals(Constants.RESOLUTION_MANDATORY);
    }

    private static BrokenLawException optional(String header, String name) {
        return refused(
                header,
                "It takes " + name + " as an option (resolution:=optional): it would restart when that comes"
                        + " or goes. Require it, or do without.");
    }

    private static Clause[] clauses(Attributes manifest, String header) throws BrokenLawException {
        String value = value(manifest, header);
        if (value.isBlank()) {
            return new Clause[0];
        }
        try {
            return Parser.parseHeader(value);
        } catch (IllegalArgumentException | IndexOutOfBoundsException malformed) {
            throw refused(header, "The header " + header + " cannot be read: build the plugin anew.");
        }
    }

    private static String value(Attributes manifest, String header) {
        return Optional.ofNullable(manifest.getValue(header)).orElse("");
    }

    private static String cut(String text) {
        return text.length() > 60 ? text.substring(0, 60) + "…" : text;
    }

    private static BrokenLawException refused(String header, String message) {
        return new BrokenLawException(header, message);
    }
}
