// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.tck.rule;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.nxvms.driver.tck.stage.Broken;
import org.nxvms.plugin.kit.BrokenLawException;
import org.nxvms.plugin.kit.ManifestLaws;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** What the jar says and what its code calls, before it runs (docs/ARCHITECTURE.md, law 7). */
final class ManifestRules {
    static final List<Rule> ALL = List.of(
            Rule.of(
                    "manifest.laws",
                    "The jar is one that an installer takes: no exports, fragments, optional imports; ranges on contracts.",
                    ManifestRules::laws),
            Rule.of(
                    "manifest.java",
                    "Its classes run on Java 17, the oldest that servers run on.",
                    ManifestRules::java),
            Rule.of(
                    "manifest.process",
                    "Its code changes nothing that belongs to the whole process, such as default time zones, TLS settings or"
                            + " shutdown hooks, and does not end it.",
                    ManifestRules::process));

    /** Class files of Java 17. */
    private static final int MAJOR_MAX = 61;

    private static final int NAMED_MAX = 5;

    /** What is one for the whole process, by class: a driver that sets it changes every other driver and the server. */
    private static final Map<String, Set<String>> OF_THE_PROCESS = Map.ofEntries(
            Map.entry(
                    "java/lang/System",
                    Set.of(
                            "exit",
                            "setProperty",
                            "setProperties",
                            "clearProperty",
                            "setOut",
                            "setErr",
                            "setIn",
                            "setSecurityManager",
                            "load",
                            "loadLibrary")),
            Map.entry("java/lang/Runtime", Set.of("exit", "halt", "addShutdownHook", "load", "loadLibrary")),
            Map.entry("java/lang/Thread", Set.of("setDefaultUncaughtExceptionHandler", "stop", "suspend")),
            Map.entry("java/util/Locale", Set.of("setDefault")),
            Map.entry("java/util/TimeZone", Set.of("setDefault")),
            Map.entry("java/net/Authenticator", Set.of("setDefault")),
            Map.entry("java/net/ProxySelector", Set.of("setDefault")),
            Map.entry("java/net/CookieHandler", Set.of("setDefault")),
            Map.entry("java/net/URL", Set.of("setURLStreamHandlerFactory")),
            Map.entry("java/net/URLConnection", Set.of("setContentHandlerFactory", "setFileNameMap")),
            Map.entry("java/net/HttpURLConnection", Set.of("setFollowRedirects")),
            Map.entry(
                    "javax/net/ssl/HttpsURLConnection",
                    Set.of("setDefaultSSLSocketFactory", "setDefaultHostnameVerifier")),
            Map.entry("javax/net/ssl/SSLContext", Set.of("setDefault")),
            Map.entry(
                    "java/security/Security",
                    Set.of("addProvider", "insertProviderAt", "removeProvider", "setProperty")),
            Map.entry("java/util/logging/LogManager", Set.of("reset", "readConfiguration")));

    private ManifestRules() {}

    private static void laws(Scene scene) throws IOException {
        try (JarFile jar = new JarFile(scene.jar().toFile())) {
            Set<String> entries = new HashSet<>();
            Collections.list(jar.entries()).forEach(entry -> entries.add(entry.getName()));
            if (jar.getManifest() == null) {
                throw new Broken("The jar has no manifest.");
            }
            new ManifestLaws(scene.stage()).check(jar.getManifest().getMainAttributes(), entries);
        } catch (BrokenLawException broken) {
            throw new Broken(broken.header() + ": " + broken.getMessage(), broken);
        }
    }

    /** Takes one class. */
    private interface EachClass {
        void take(String entry, ClassReader reader);
    }

    private static void classes(Scene scene, EachClass each) throws IOException {
        try (JarFile jar = new JarFile(scene.jar().toFile())) {
            for (JarEntry entry : Collections.list(jar.entries())) {
                if (entry.getName().endsWith(".class") && !entry.getName().startsWith("META-INF/versions/")) {
                    try (InputStream in = jar.getInputStream(entry)) {
                        each.take(entry.getName(), new ClassReader(in));
                    } catch (IllegalArgumentException tooNew) {
                        throw new Broken(
                                entry.getName() + " is no class that can be read: " + tooNew.getMessage(), tooNew);
                    }
                }
            }
        }
    }

    private static void java(Scene scene) throws IOException {
        classes(scene, (name, reader) -> {
            int major = reader.readUnsignedShort(6);
            Expect.that(
                    major <= MAJOR_MAX,
                    name + " needs Java " + (major - 44) + "; compile with --release 17 (maven.compiler.release).");
        });
    }

    private static void process(Scene scene) throws IOException {
        List<String> found = new ArrayList<>();
        classes(
                scene,
                (name, reader) ->
                        reader.accept(new Looking(name, found), ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES));
        Expect.that(
                found.isEmpty(),
                "It calls what belongs to the whole process: "
                        + String.join(", ", found.subList(0, Math.min(NAMED_MAX, found.size()))) + ".");
    }

    /** Notes who calls what belongs to the process. */
    private static final class Looking extends ClassVisitor {
        private final String name;
        private final List<String> found;

        Looking(String name, List<String> found) {
            super(Opcodes.ASM9);
            this.name = name.substring(0, name.length() - ".class".length());
            this.found = found;
        }

        @Override
        public MethodVisitor visitMethod(int access, String method, String type, String generic, String[] thrown) {
            return new MethodVisitor(Opcodes.ASM9) {
                @Override
                public void visitMethodInsn(int code, String owner, String called, String its, boolean onInterface) {
                    if (OF_THE_PROCESS.getOrDefault(owner, Set.of()).contains(called)) {
                        found.add(name.replace('/', '.') + "." + method + " calls " + owner.replace('/', '.') + "."
                                + called);
                    }
                }
            };
        }
    }
}
