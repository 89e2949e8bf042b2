// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.kit.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Searches keep to the interfaces chosen, in network namespaces of their own with two networks: nobody else's traffic is in
 * them. With {@value #SWITCH}={@value #REQUIRED} in the environment, as {@code ./nxvms verify} has it where the machine can, a
 * namespace that cannot be made is a failure; without, the tests are left out there, and say so.
 */
class NamespacesTest {
    private static final String SWITCH = "NXVMS_TEST_NAMESPACES";
    private static final String REQUIRED = "required";
    /** Where the kernel has no IPv6. */
    private static final String REQUIRED_4 = "required-ipv4";

    private static final long PATIENCE_SECONDS = 180;

    /** Two networks with a cable each; the other one has the way to everywhere, and to all groups. */
    private static final String CABLES =
            """
            ip link set lo up \
            && ip link add near type veth peer name near-end && ip link add far type veth peer name far-end \
            && for one in near near-end far far-end; do ip link set $one addrgenmode none || exit 1; done \
            """;

    private static final String UP =
            """
            && for one in near near-end far far-end; do ip link set $one up || exit 1; done \
            """;

    /** Without IPv6, in which the kernel speaks by itself. */
    private static final String NETWORKS = CABLES
            + """
            && ip addr add 192.0.2.1/24 dev near && ip addr add 198.51.100.1/24 dev far \
            """
            + UP
            + """
            && ip route add default via 198.51.100.9 && ip route add 224.0.0.0/4 dev far""";

    /** Addresses of the links and of networks; what has no address of a link goes by the other one, and groups too. */
    private static final String NETWORKS_6 = CABLES
            + """
            && ip -6 addr add fe80::1/64 dev near nodad && ip -6 addr add fe80::2/64 dev near-end nodad \
            && ip -6 addr add fe80::3/64 dev far nodad && ip -6 addr add fe80::4/64 dev far-end nodad \
            && ip -6 addr add 2001:db8:1::1/64 dev near nodad && ip -6 addr add 2001:db8:2::1/64 dev far nodad \
            """
            + UP
            + """
            && ip -6 route add default via fe80::4 dev far && ip -6 route add ff00::/8 dev far metric 1""";

    @TempDir
    Path folder;

    /** By what the kernel counts. */
    @Test
    void nothingLeavesByAnInterfaceThatWasNotChosen() throws Exception {
        Map<String, String> seen = inside(NETWORKS, NamespacedSearch.class, "near", "far", "198.51.100.9");
        assertThat(seen).containsKeys("chosen", "other", "behind", "still");
        assertThat(Long.parseLong(seen.get("chosen"))).as(seen.toString()).isPositive();
        assertThat(seen).containsEntry("other", "0").containsEntry("still", "0");
        assertThat(seen).containsEntry("behind", "UNREACHABLE");
    }

    /** By what comes to the ends of the cables. */
    @Test
    void byIpv6GroupsOfALinkAreAskedAndHeardOnTheInterfaceChosenOnly() throws Exception {
        Map<String, String> seen = inside(
                NETWORKS_6,
                NamespacedSearch6.class,
                "near",
                "near-end",
                "far",
                "far-end",
                "fe80::4%far",
                "2001:db8:2::9",
                "2001:db8:9::9");
        assertThat(seen)
                .containsKeys("chosen", "control")
                .containsEntry("heard", "answer near-end from near, greeting near-end from near")
                .containsEntry("other", "0")
                .containsEntry("behind1", "UNREACHABLE")
                .containsEntry("behind2", "UNREACHABLE")
                .containsEntry("behind3", "UNREACHABLE")
                .containsEntry("still", "0");
        assertThat(Long.parseLong(seen.get("chosen"))).as(seen.toString()).isPositive();
        assertThat(seen)
                .as("the other link works as well")
                .containsEntry("control", "answer far-end from far, greeting far-end from far");
    }

    /** {@return what a program says that runs in a new namespace}: of each line the first word, and the rest. */
    private Map<String, String> inside(String networks, Class<?> program, String... arguments) throws Exception {
        String made = run("unshare", "-n", "sh", "-c", networks);
        if (!made.isEmpty()) {
            String why = "NOT TRIED: whether searches keep to the interfaces chosen. This machine makes no network"
                    + " namespaces for tests (root, unshare and ip of iproute2 are needed): " + made;
            String wanted = System.getenv(SWITCH);
            if (REQUIRED.equals(wanted) || REQUIRED_4.equals(wanted) && networks.equals(NETWORKS)) {
                fail(why + " (" + SWITCH + "=" + wanted + ")");
            }
            System.out.println(why);
            abort(why);
        }
        List<String> command = new ArrayList<>(List.of(
                "unshare",
                "-n",
                "sh",
                "-c",
                networks + " && exec \"$0\" -Xshare:auto -XX:TieredStopAtLevel=1 -cp \"$@\"",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                System.getProperty("java.class.path"),
                program.getName()));
        command.addAll(List.of(arguments));
        String said = run(command.toArray(String[]::new));
        Map<String, String> seen = said.lines()
                .map(line -> line.split(" ", 2))
                .filter(words -> words.length == 2)
                .collect(Collectors.toMap(words -> words[0], words -> words[1], (one, again) -> again));
        assertThat(seen).as(said).containsKey("still");
        return seen;
    }

    /** {@return what it says, on both streams} Into a file: who waits for the end of a stream waits for whoever holds it. */
    private String run(String... command) throws Exception {
        Path file = Files.createTempFile(folder, "said", ".txt");
        Process process;
        try {
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(file.toFile())
                    .start();
        } catch (IOException missing) {
            return String.valueOf(missing.getMessage());
        }
        boolean isOver = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (!isOver) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
        String said = Files.readString(file).strip();
        assertThat(isOver)
                .as("over within " + PATIENCE_SECONDS + " s: " + String.join(" ", command) + " said: " + said)
                .isTrue();
        return process.exitValue() == 0 || !said.isEmpty() ? said : "status " + process.exitValue();
    }
}
