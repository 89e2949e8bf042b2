// SPDX-License-Identifier: Apache-2.0
package org.nxvms.integration.webhook.deliver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.nxvms.integration.webhook.fake.Patience.until;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.nxvms.integration.webhook.fake.Receiver;
import org.nxvms.integration.webhook.settings.EndpointFiles;
import org.nxvms.platform.api.integration.Connection;

/** What never arrives, or is not wanted any more: it is told, once and with its number. */
class CourierLossTest extends CourierStory {
    @Test
    void aProgressThatCannotBeReadIsALossThatIsTold() throws Exception {
        Files.createDirectories(folder.resolve("progress"));
        Files.writeString(folder.resolve("progress/soc.json"), "{\"sequence\":");
        tell("nobody knows whether it had this");
        Courier courier = courier("soc");
        until("it is told", () -> said.contains("lost soc 1"));
        until("it knows where it begins", () -> isWhole("soc"));
        tell("one");
        gets("one");
        assertThat(receiver.got().get(0).json().get("lostBefore").asLong()).isEqualTo(1);
        assertThat(courier.connection().figures().lost()).isEqualTo(1);
    }

    private boolean isWhole(String name) {
        try {
            return new ProgressFile(folder.resolve("progress"), name).read().hasBegun();
        } catch (IOException notYet) {
            return false;
        }
    }

    /** Its folder cannot be read or written: it is off all the same, and what it says of that does not wake it. */
    @Test
    void whoAnswersGoneIsOffAlsoWhereItsFileCannotBeWritten() {
        files = new EndpointFiles(folder.resolve("away"));
        receiver.answers(410);
        Courier courier = courier("soc");
        begun(courier);
        tell("one");
        until("it is off", () -> said.contains("gone soc"));
        for (int i = 0; i < 20; i++) {
            tell("more " + i);
        }
        until("all is handed over", () -> courier.connection().state() == Connection.State.DISABLED);
        courier.close();
        assertThat(receiver.details()).containsExactly("one");
        assertThat(said).containsOnlyOnce("gone soc");
    }

    @Test
    void whatRetentionTookMeanwhileIsToldWithItsNumber() throws Exception {
        Courier courier = courier("soc");
        begun(courier);
        tell("one");
        // Who only has it may be closed before it has answered, and is told "one" again then.
        until("its answer has come", () -> courier.connection().figures().delivered() == 1);
        receiver.away(true);
        IntStream.rangeClosed(1, 10).forEach(i -> tell("lost " + i));
        tell("left");
        until("what waits is counted", () -> courier.connection().figures().waiting() == 11);
        log.removeOldest(11);
        until("the loss is said", () -> said.contains("lost soc 10"));
        until("what is left is tried", () -> courier.connection().state() == Connection.State.FAILING);
        receiver.away(false);
        gets("one", "left");
        assertThat(receiver.got().get(1).json().get("lostBefore").asLong()).isEqualTo(10);
        tell("next");
        gets("one", "left", "next");
        assertThat(receiver.got().get(2).json().has("lostBefore"))
                .as("told once")
                .isFalse();
        assertThat(courier.connection().figures().lost()).isEqualTo(10);
    }

    @Test
    void whatRetentionTookWhileItWasAwayIsToldToo() throws Exception {
        receiver.answers(503);
        Courier first = courier("soc");
        begun(first);
        IntStream.rangeClosed(1, 5).forEach(i -> tell("event " + i));
        until("what waits is counted", () -> first.connection().figures().waiting() == 5);
        first.close();
        log.removeOldest(3);
        receiver.answers(204);
        courier("soc");
        until("the rest is there", () -> receiver.details().contains("event 5"));
        // The first one had tried but one, again and again, and the last time may be noted late.
        List<Receiver.Got> second = receiver.got().stream()
                .filter(got -> !got.detail().equals("event 1"))
                .toList();
        assertThat(second).extracting(Receiver.Got::detail).containsExactly("event 4", "event 5");
        assertThat(second.get(0).json().get("lostBefore").asLong()).isEqualTo(3);
        assertThat(said).contains("lost soc 3");
    }

    @Test
    void aMessageThatIsCalledWrongIsGivenUpSoThatTheOthersArrive() {
        receiver.answers(got -> new Receiver.Reply(got.detail().equals("poison") ? 422 : 204, "", ""));
        Courier courier = courier("soc");
        begun(courier);
        tell("poison");
        tell("two");
        until("two is there", () -> receiver.details().contains("two"));
        assertThat(receiver.details().stream().filter("poison"::equals)).hasSize(Courier.REFUSALS_MAX);
        assertThat(receiver.got()
                        .get(Courier.REFUSALS_MAX)
                        .json()
                        .get("lostBefore")
                        .asLong())
                .isEqualTo(1);
        assertThat(said).contains("lost soc 1");
    }

    @Test
    void whoAnswersGoneIsSwitchedOff() {
        files.add("soc", Map.of("name", "soc", "url", receiver.url(), "secret", SECRET));
        receiver.answers(410);
        Courier courier = courier("soc");
        begun(courier);
        tell("one");
        until(
                "it is off",
                () -> courier.connection().state() == Connection.State.DISABLED && said.contains("gone soc"));
        until("for good", () -> !files.find("soc").orElseThrow().settings().enabled());
        tell("two");
        assertThat(receiver.details()).containsExactly("one");
        courier.close();

        receiver.answers(204);
        Courier off = courier("soc", "enabled", "false");
        tell("three");
        assertThat(off.connection().state()).isEqualTo(Connection.State.DISABLED);
        off.close();
        courier("soc");
        until("switched on again it goes on where it was", () -> receiver.details()
                .equals(List.of("one", "one", "two", "three")));
    }
}
