// SPDX-License-Identifier: Apache-2.0
package org.nxvms.console.extensions.found;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.Optional;
import java.util.regex.Pattern;
import org.nxvms.platform.api.console.ConsoleExtensions;
import org.nxvms.rest.kit.json.Json;
import org.nxvms.rest.kit.problem.ProblemException;
import org.osgi.framework.Bundle;
import org.osgi.framework.Version;

/**
 * A running bundle that brings an extension, whether it keeps the rules or not.
 *
 * @param order in which bundles came
 * @param extension empty when it keeps them not
 * @param flaw why; empty when it does
 */
public record Found(long order, String bundle, Version version, Optional<Extension> extension, Optional<String> flaw) {
    private static final String DESCRIPTION = "extension.json";
    /** A folder at least: the bundle's classes are nothing to be served. */
    private static final Pattern PATH =
            Pattern.compile("/?(([A-Za-z0-9_][A-Za-z0-9_-]*)(/[A-Za-z0-9_][A-Za-z0-9_-]*){0,5})/extension\\.json");

    private static final Pattern BUNDLE = Pattern.compile("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+){0,20}");
    private static final String META = "META-INF";

    /** Reads all that it brings, some milliseconds. */
    public static Found in(Bundle bundle) {
        Optional<Extension> extension = Optional.empty();
        Optional<String> flaw = Optional.empty();
        try {
            extension = Optional.of(read(bundle));
        } catch (FlawedExtensionException flawed) {
            flaw = Optional.of(flawed.getMessage());
        } catch (IOException | IllegalStateException unreadable) {
            flaw = Optional.of("Its files cannot be read (" + unreadable.getMessage() + ").");
        }
        return new Found(
                bundle.getBundleId(), String.valueOf(bundle.getSymbolicName()), bundle.getVersion(), extension, flaw);
    }

    private static Extension read(Bundle bundle) throws FlawedExtensionException, IOException {
        String name = String.valueOf(bundle.getSymbolicName());
        if (!BUNDLE.matcher(name).matches()) {
            throw new FlawedExtensionException("Its Bundle-SymbolicName cannot be a part of an address.");
        }
        // Not translated: it is no text.
        String header = bundle.getHeaders("").get(ConsoleExtensions.HEADER).strip();
        var path = PATH.matcher(header);
        if (!path.matches() || path.group(1).split("/")[0].equalsIgnoreCase(META)) {
            throw new FlawedExtensionException("Its header " + ConsoleExtensions.HEADER
                    + " must be the path of a file extension.json in a folder of its own, such as"
                    + " console/extension.json.");
        }
        String folder = path.group(1);
        Description description = description(bundle, folder);
        ExtensionFiles files = ExtensionFiles.of(bundle, folder);
        requireFile(files, "entry", description.entry());
        for (Description.Contribution one : description.contributes()) {
            if (one.icon().isPresent()) {
                requireFile(files, "icon", one.icon().get());
            }
        }
        return new Extension(name, bundle.getVersion().toString(), description, files);
    }

    private static Description description(Bundle bundle, String folder) throws FlawedExtensionException, IOException {
        String path = folder + "/" + DESCRIPTION;
        URL entry = bundle.getEntry(path);
        if (entry == null) {
            throw new FlawedExtensionException(
                    "Its header " + ConsoleExtensions.HEADER + " names " + path + ", and there is no such file in it.");
        }
        try (InputStream in = entry.openStream()) {
            return (Description) Json.readBody(in, Description.class);
        } catch (ProblemException wrong) {
            throw new FlawedExtensionException(
                    "Its " + path + " cannot be used: " + wrong.problem().detail());
        }
    }

    private static void requireFile(ExtensionFiles files, String field, String path) throws FlawedExtensionException {
        if (!files.has(path)) {
            throw new FlawedExtensionException(
                    "Its extension.json names " + path + " as \"" + field + "\", and there is no such file beside it.");
        }
    }
}
