// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.nxvms.driver.spi.DeviceEvent;

/** Two people in one field: it is empty when both have left. */
class KeyedStatesTest {
    private static final DeviceEvent ON = DeviceEvent.on("onvif.objects_inside", "field");
    private static final DeviceEvent OFF = DeviceEvent.off("onvif.objects_inside", "field");

    private final FeedState state = new FeedState(Set.of(), () -> Quirks.NONE, new FeedState.Patience(0, 1, 0, 0), 1);

    private List<DeviceEvent> said(String operation, String object, boolean inside) throws Exception {
        String xml = "<NotificationMessage><Topic>tns1:RuleEngine/FieldDetector/ObjectsInside</Topic><Message>"
                + "<Message PropertyOperation=\"" + operation + "\"><Source><SimpleItem Name=\"Rule\" Value=\"field\"/>"
                + "</Source><Key><SimpleItem Name=\"ObjectId\" Value=\"" + object + "\"/></Key><Data>"
                + "<SimpleItem Name=\"IsInside\" Value=\"" + inside + "\"/></Data></Message></Message>"
                + "</NotificationMessage>";
        return state.said(List.of(XmlNode.read(xml.getBytes(StandardCharsets.UTF_8))), 1_000, false).events().stream()
                .filter(event -> !event.equals(DeviceEvent.synchronised()))
                .toList();
    }

    @Test
    void theStateEndsWithTheLastWhoLeaves() throws Exception {
        assertThat(said("Initialized", "1", true)).containsExactly(ON);
        said("Changed", "2", true);
        assertThat(said("Changed", "1", false)).as("the other stands there").isEmpty();
        assertThat(said("Deleted", "1", false)).isEmpty();
        assertThat(said("Deleted", "2", false)).containsExactly(OFF);
        assertThat(said("Changed", "3", false)).containsExactly(OFF);
    }

    @Test
    void whoIsLeftOutWhenAllAreToldAnewHasLeft() throws Exception {
        said("Initialized", "1", true);
        said("Changed", "2", true);
        state.due(Long.MAX_VALUE);
        said("Initialized", "2", true);
        state.due(Long.MAX_VALUE);
        assertThat(said("Deleted", "2", false)).containsExactly(OFF);
    }

    @Test
    void aDeviceThatTellsNothingAnewIsBelievedByItsWords() throws Exception {
        said("Changed", "1", true);
        said("Changed", "2", true);
        state.due(Long.MAX_VALUE);
        state.due(Long.MAX_VALUE);
        assertThat(said("Changed", "1", false)).isEmpty();
    }
}
