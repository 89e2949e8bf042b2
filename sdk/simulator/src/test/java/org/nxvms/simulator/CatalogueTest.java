// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.nxvms.simulator.fault.FaultKind;

/** docs/design/simulator.md lists the faults as the catalogue tells them. */
class CatalogueTest {
    private static final Path PAGE = Path.of("..", "..", "docs", "design", "simulator.md");

    @Test
    void thePageListsEveryFaultInTheWordsOfTheCatalogue() throws IOException {
        List<String> rows = Files.readAllLines(PAGE).stream()
                .filter(line -> line.matches("\\| `[a-z0-9-]+` \\| [a-z]+ \\|.*"))
                .toList();
        assertThat(rows)
                .containsExactlyElementsOf(Arrays.stream(FaultKind.values())
                        .map(CatalogueTest::row)
                        .toList());
    }

    @Test
    void whatGoesWrongInTheFieldIsNamedByFaultsOfTheCatalogue() throws IOException {
        List<String> kinds =
                Arrays.stream(FaultKind.values()).map(FaultKind::id).toList();
        List<String> named = Files.readAllLines(PAGE).stream()
                .dropWhile(line -> !line.startsWith("| in the field |"))
                .takeWhile(line -> line.startsWith("|"))
                .flatMap(line -> Pattern.compile("`([a-z0-9-]+)`").matcher(line).results())
                .map(found -> found.group(1))
                .toList();
        assertThat(named).hasSizeGreaterThan(20).isSubsetOf(kinds);
    }

    private static String row(FaultKind kind) {
        String value = kind.unit().isEmpty()
                ? ""
                : kind.unit() + " " + kind.min() + ".." + kind.max() + " ("
                        + kind.fault().value() + ")";
        return "| `" + kind.id() + "` | " + kind.area().id() + " | " + value + " | " + kind.does() + " |";
    }
}
