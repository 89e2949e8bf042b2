// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.container;

import static org.ops4j.pax.exam.CoreOptions.systemProperty;
import static org.ops4j.pax.exam.karaf.options.KarafDistributionOption.configureConsole;
import static org.ops4j.pax.exam.karaf.options.KarafDistributionOption.configureSecurity;
import static org.ops4j.pax.exam.karaf.options.KarafDistributionOption.editConfigurationFilePut;
import static org.ops4j.pax.exam.karaf.options.KarafDistributionOption.karafDistributionConfiguration;
import static org.ops4j.pax.exam.karaf.options.KarafDistributionOption.keepRuntimeFolder;
import static org.ops4j.pax.exam.karaf.options.KarafDistributionOption.logLevel;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.nxvms.itests.harness.Ports;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.karaf.options.LogLevelOption;
import org.ops4j.pax.exam.options.extra.EnvironmentOption;
import org.ops4j.pax.exam.options.extra.VMOption;

/** The packed distribution as a Pax Exam container: same files, ports and data of its own. */
final class PackedContainer {
    private static final String KARAF = System.getProperty("karaf.version", "");

    private PackedContainer() {}

    /** Options for one container; feature operations behave as Karaf's defaults, without our seat belt. */
    static List<Option> options(String name) {
        Path work = Path.of(System.getProperty("nxvms.work")).toAbsolutePath();
        Path data = work.resolve("data-" + name + "-" + ProcessHandle.current().pid());
        List<Option> options = new ArrayList<>(List.of(
                karafDistributionConfiguration()
                        .frameworkUrl(distribution().toUri().toString())
                        .karafVersion(KARAF)
                        .useDeployFolder(false)
                        .unpackDirectory(new File(work.toFile(), "exam")),
                configureSecurity().disableKarafMBeanServerBuilder(),
                configureConsole().ignoreLocalConsole().ignoreRemoteShell(),
                keepRuntimeFolder(),
                logLevel(LogLevelOption.LogLevel.INFO),
                editConfigurationFilePut("etc/org.apache.karaf.features.cfg", "autoRefresh", "true"),
                // The server itself fetches nothing; Pax Exam's own bundles come from where Maven's come from.
                editConfigurationFilePut(
                        "etc/org.ops4j.pax.url.mvn.cfg",
                        "org.ops4j.pax.url.mvn.repositories",
                        "https://repo.maven.apache.org/maven2@id=central"),
                systemProperty("nxvms.test.data").value(data.toString())));
        firstStart(work, data);
        environment(data, options);
        virtualMachine().forEach(flag -> options.add(new VMOption(flag)));
        return options;
    }

    /** Pax Exam starts no script of ours: the keys and the certificate are made as bin/karaf would, by bin/setenv. */
    private static void firstStart(Path work, Path data) {
        Path scripts = work.resolve("first-start");
        try {
            Files.createDirectories(scripts);
            run(
                    List.of(
                            "tar",
                            "-xzf",
                            distribution().toString(),
                            "--strip-components=1",
                            "--wildcards",
                            "*/bin/setenv",
                            "*/etc/*",
                            "*/lib/build-id"),
                    scripts,
                    data);
            run(List.of("sh", "-c", ". \"$DIRNAME/setenv\""), scripts, data);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void run(List<String> command, Path scripts, Path data) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(scripts.toFile()).inheritIO();
        builder.environment().put("DIRNAME", scripts.resolve("bin").toString());
        builder.environment().put("NXVMS_DATA", data.toString());
        try {
            int status = builder.start().waitFor();
            if (status != 0) {
                throw new IOException(command + " ended with status " + status);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private static void environment(Path data, List<Option> options) {
        // The container inherits no environment of ours; what bin/setenv would export are properties here.
        options.add(new EnvironmentOption("NXVMS_DATA=" + data));
        for (String door : List.of("HTTP", "HTTPS", "SSH", "RTSP", "WEBRTC")) {
            options.add(new EnvironmentOption("NXVMS_" + door + "_PORT=" + Ports.free()));
        }
        options.add(new EnvironmentOption("NXVMS_ADMIN_PASSWORD=Correct-horse-7-battery"));
    }

    private static Path distribution() {
        Path folder = Path.of(System.getProperty("nxvms.root"), "karaf-distribution", "target")
                .toAbsolutePath()
                .normalize();
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(f -> f.getFileName().toString().endsWith(".tar.gz"))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("karaf-distribution is not built"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What bin/inc gives the JVM; Pax Exam starts it without that script. */
    private static List<String> virtualMachine() {
        List<String> flags = new ArrayList<>(List.of(
                "--add-reads=java.xml=java.logging",
                "--add-exports=java.base/org.apache.karaf.specs.locator=java.xml,ALL-UNNAMED",
                "--patch-module",
                "java.base=lib/endorsed/org.apache.karaf.specs.locator-" + KARAF + ".jar",
                "--patch-module",
                "java.xml=lib/endorsed/org.apache.karaf.specs.java.xml-" + KARAF + ".jar",
                "-Djdk.util.zip.disableZip64ExtraFieldValidation=true",
                "-XX:MaxDirectMemorySize=1g",
                "-XX:TieredStopAtLevel=1",
                "-Xmx512m"));
        for (String open : List.of(
                "java.base/java.security",
                "java.base/java.net",
                "java.base/java.lang",
                "java.base/java.util",
                "java.naming/javax.naming.spi",
                "java.rmi/sun.rmi.transport.tcp")) {
            flags.add("--add-opens");
            flags.add(open + "=ALL-UNNAMED");
        }
        for (String export : List.of(
                "java.base/sun.net.www.protocol.file",
                "java.base/sun.net.www.protocol.ftp",
                "java.base/sun.net.www.protocol.http",
                "java.base/sun.net.www.protocol.https",
                "java.base/sun.net.www.protocol.jar",
                "java.base/sun.net.www.content.text",
                "jdk.naming.rmi/com.sun.jndi.url.rmi")) {
            flags.add("--add-exports=" + export + "=ALL-UNNAMED");
        }
        flags.add("-classpath");
        flags.add("lib/jdk9plus/*" + File.pathSeparator + "lib/boot/*");
        return flags;
    }
}
