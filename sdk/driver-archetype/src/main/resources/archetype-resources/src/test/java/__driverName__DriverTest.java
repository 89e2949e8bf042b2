package ${package};

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.URI;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.nxvms.driver.spi.DeviceTarget;
import org.nxvms.driver.spi.DriverException;

/** What the driver does without a device; with one, the conformance kit tries it. */
class ${driverName}DriverTest {
    @Test
    void anAddressThatCannotWorkIsRefused() {
        DeviceTarget wrong = new DeviceTarget(
                URI.create("ftp://192.0.2.10"), Optional.empty(), Optional.empty(), Map.of(), 1_000);
        DriverException refused = assertThrows(DriverException.class, () -> new ${driverName}Driver().open(wrong));
        assertEquals(DriverException.Kind.CONFIG, refused.kind());
    }
}
