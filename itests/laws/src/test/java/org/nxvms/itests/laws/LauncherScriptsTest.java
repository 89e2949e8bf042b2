// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.laws;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the scripts behind {@code ./nxvms} go by. */
class LauncherScriptsTest {
    @TempDir
    private Path folder;

    /** Each becomes two other programs while it is looked at, as the server does. */
    @Test
    void aProcessRunsFromTheMomentItWasStarted() throws Exception {
        assertThat(
                        bash(
                                """
                                mkdir -p "$RUN"
                                for ((i = 0; i < 200; i++)); do
                                    setsid bash -c 'exec sleep 60' > /dev/null 2>&1 < /dev/null &
                                    pid=$!
                                    disown
                                    remember_process it "$pid"
                                    running_process it > /dev/null || echo "no. $i is taken for ended"
                                    kill -KILL "$pid"
                                done"""))
                .isEmpty();
    }

    @Test
    void aProcessThatWasKilledRunsNoMore() throws Exception {
        assertThat(
                        bash(
                                """
                                mkdir -p "$RUN"
                                sleep 60 &
                                remember_process it $!
                                running_process it > /dev/null && echo runs
                                # The shell tells of who was killed as soon as it learns it, here or there.
                                { kill -KILL $!; wait $!; } 2> /dev/null
                                running_process it > /dev/null || echo ended"""))
                .isEqualTo("runs\nended");
    }

    /** By an {@code unshare} and an {@code ip} that only say whether they can. */
    @ParameterizedTest
    @CsvSource({"0,0,required", "0,1,required-ipv4", "1,0,''", "1,1,''"})
    void testsInNamespacesAreRequiredAsFarAsTheMachineGoes(String namespaces, String ipv6, String required)
            throws Exception {
        program("unshare", "[ " + namespaces + " = 0 ] && shift && exec \"$@\"");
        program("ip", "[ \"$1\" != -6 ] || exit " + ipv6);

        assertThat(bash("PATH=\"$TOOLS_HERE:$PATH\"; namespaces_here || true")).isEqualTo(required);
    }

    /** By a path on which there is what the script needs, and no compiler. */
    @Test
    void whereThereIsNoCompilerABuildGoesOnAndSaysWhatIsDoneInstead() throws Exception {
        assertThat(
                        bash(
                                """
                                for tool in sh uname basename dirname tr rm; do
                                    ln -s "$(command -v $tool)" "$TOOLS_HERE/$tool"
                                done
                                mkdir -p "$TOOLS_HERE/out/native/linux-x86_64"
                                touch "$TOOLS_HERE/out/native/linux-x86_64/of-a-build-before.so"
                                PATH="$TOOLS_HERE" sh "$ROOT/scripts/native.sh" a_b.c "$TOOLS_HERE/out" /jdk 'It is slower.'
                                echo $?
                                ls "$TOOLS_HERE"/out/native"""))
                .as("of the build before nothing is left")
                .endsWith(": It is slower. Nothing else is missing.\n0");
    }

    private void program(String name, String body) throws Exception {
        Path program = folder.resolve(name);
        Files.writeString(program, "#!/bin/sh\n" + body + "\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();
    }

    /** {@return what a script says that has read ours} */
    private String bash(String script) throws Exception {
        Path output = folder.resolve("output");
        ProcessBuilder command = new ProcessBuilder(
                        "bash",
                        "-c",
                        ". \"$ROOT/scripts/common.sh\" && . \"$ROOT/scripts/prerequisites.sh\" || exit 1\n" + script)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        command.environment().put("ROOT", System.getProperty("nxvms.root"));
        command.environment().put("NXVMS_DATA", folder.resolve("data").toString());
        command.environment().put("TOOLS_HERE", folder.toString());
        Process process = command.start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            return Files.readString(output).strip();
        } finally {
            process.destroyForcibly();
        }
    }
}
