package ${package};

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.nxvms.driver.spi.DeviceIdentity;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;

/** What a camera says of itself: put your maker's interface here. The sample reads {@code root.Name=value} lines. */
record DeviceFacts(Map<String, String> values) {
    private static final String ASK = "/axis-cgi/param.cgi?action=list&group=Brand,Properties,Network,StreamProfile";
    private static final int PROFILES_MAX = 20;

    static DeviceFacts ask(DeviceHttp http) throws DriverException {
        Map<String, String> values = new HashMap<>();
        http.text(ASK).lines().forEach(line -> {
            int equals = line.indexOf('=');
            if (equals > 0) {
                values.put(line.substring(0, equals).replaceFirst("^root\\.", ""), line.substring(equals + 1).strip());
            }
        });
        if (!values.containsKey("Brand.ProdNbr")) {
            throw new DriverException(Kind.PROTOCOL, "The device does not say what it is; use another driver.");
        }
        return new DeviceFacts(Map.copyOf(values));
    }

    DeviceIdentity identity() {
        return new DeviceIdentity(
                get("Brand.Brand"),
                get("Brand.ProdNbr"),
                get("Properties.Firmware.Version"),
                get("Properties.System.SerialNumber"),
                "");
    }

    /** {@return the names of stream profiles, in the camera's order} */
    Map<Integer, String> profiles() {
        Map<Integer, String> names = new TreeMap<>();
        for (int number = 0; number < PROFILES_MAX; number++) {
            String name = get("StreamProfile.S" + number + ".Name");
            if (name.matches("[A-Za-z0-9_-]{1,60}")) {
                names.put(number, name);
            }
        }
        return names;
    }

    int rtspPort() {
        String port = get("Network.RTSP.Port");
        return port.matches("[1-9][0-9]{0,4}") ? Integer.parseInt(port) : 554;
    }

    private String get(String name) {
        String value = values.getOrDefault(name, "").replaceAll("[^ -~]", "?");
        return value.length() <= 100 ? value : value.substring(0, 100);
    }
}
