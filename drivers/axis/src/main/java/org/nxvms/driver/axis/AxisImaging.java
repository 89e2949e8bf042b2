// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.axis;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.driver.spi.DriverSetting;
import org.nxvms.driver.spi.DriverSetting.Choice;
import org.nxvms.driver.spi.Imaging;
import org.nxvms.driver.spi.Wording;

/**
 * The picture, by parameters of {@code ImageSource.I0}: the camera's definitions say which it has and what they take. Wiper
 * and focus by interfaces of their own, where there are any. Asked once a session, when somebody wants to know.
 */
final class AxisImaging implements Imaging {
    private static final String GROUP = "ImageSource.I0";
    private static final String DEFINITIONS =
            "/axis-cgi/param.cgi?action=listdefinitions&listformat=xmlschema&group=" + GROUP;
    private static final String VALUES = "/axis-cgi/param.cgi?action=list&group=" + GROUP;
    private static final String CLEAR_VIEW = "/axis-cgi/clearviewcontrol.cgi";
    private static final String OPTICS = "/axis-cgi/opticscontrol.cgi";

    private static final String WHOLE = "-?\\d{1,9}";
    private static final int CHOICES_MAX = 100;

    private static final Map<String, Wording> TITLES = Map.of(
            "on", Wording.of("On").in("de", "Ein"),
            "off", Wording.of("Off").in("de", "Aus"),
            "auto", Wording.of("Automatic").in("de", "Automatisch"),
            "hold", Wording.of("Hold as it is").in("de", "Halten, wie sie ist"));

    /** What is called how here, by its name on the camera. */
    private static final Map<String, Named> KNOWN = known();

    private record Named(String name, Wording title) {}

    /**
     * One setting of this camera.
     *
     * @param parameter its name on the camera, below the group
     * @param toCamera the camera's word for a value, where it is another
     */
    record Known(DriverSetting setting, String parameter, Map<String, String> toCamera) {}

    private final AxisHttp http;
    private List<Known> settings = List.of();
    private Optional<List<Action>> actions = Optional.empty();

    AxisImaging(AxisHttp http) {
        this.http = http;
    }

    private static Map<String, Named> known() {
        Map<String, Named> known = new LinkedHashMap<>();
        known.put(
                "Sensor.Brightness",
                new Named(BRIGHTNESS, Wording.of("Brightness").in("de", "Helligkeit")));
        known.put("Sensor.Contrast", new Named(CONTRAST, Wording.of("Contrast").in("de", "Kontrast")));
        known.put(
                "Sensor.ColorLevel",
                new Named(SATURATION, Wording.of("Saturation").in("de", "Farbsättigung")));
        known.put(
                "Sensor.Sharpness", new Named(SHARPNESS, Wording.of("Sharpness").in("de", "Schärfe")));
        known.put("Sensor.Exposure", new Named(EXPOSURE, Wording.of("Exposure").in("de", "Belichtung")));
        known.put(
                "Sensor.ExposureValue",
                new Named("axis.exposure_value", Wording.of("Exposure value").in("de", "Belichtungswert")));
        known.put(
                "Sensor.WDR", new Named(WDR, Wording.of("Wide dynamic range").in("de", "Großer Kontrastumfang (WDR)")));
        known.put(
                "DayNight.IrCutFilter",
                new Named(IR_CUT, Wording.of("Infrared cut filter").in("de", "Infrarotsperrfilter")));
        return known;
    }

    @Override
    public List<DriverSetting> settings() throws DriverException {
        return described().stream().map(Known::setting).toList();
    }

    private List<Known> described() throws DriverException {
        if (settings.isEmpty()) {
            settings = parse(http.text(DEFINITIONS));
        }
        return settings;
    }

    /** Reads {@code group / parameter / type / int or enum / entry}; what has no name here is left out. */
    static List<Known> parse(String xml) throws DriverException {
        List<Known> found = new ArrayList<>();
        String group = "";
        String parameter = "";
        List<String> choices = new ArrayList<>();
        for (XmlElements.Element element : XmlElements.read(xml)) {
            String name = element.name();
            if (name.equals("group") || name.equals("parameter")) {
                ofChoices(group + "." + parameter, choices).ifPresent(found::add);
                choices.clear();
                group = name.equals("group") ? element.attribute("name") : group;
                parameter = name.equals("parameter") ? element.attribute("name") : "";
            } else if (name.equals("int")) {
                ofNumber(group + "." + parameter, element).ifPresent(found::add);
            } else if (name.equals("entry")) {
                choices.add(element.attribute("value"));
            }
        }
        ofChoices(group + "." + parameter, choices).ifPresent(found::add);
        return List.copyOf(found);
    }

    private static Optional<Known> ofNumber(String parameter, XmlElements.Element element) {
        Named named = KNOWN.get(parameter);
        String min = element.attribute("min");
        String max = element.attribute("max");
        boolean ranged = min.matches(WHOLE) && max.matches(WHOLE) && Long.parseLong(min) <= Long.parseLong(max);
        return named == null || !ranged
                ? Optional.empty()
                : Optional.of(new Known(
                        DriverSetting.integer(named.name(), named.title(), Long.parseLong(min), Long.parseLong(max)),
                        parameter,
                        Map.of()));
    }

    private static Optional<Known> ofChoices(String parameter, List<String> choices) {
        Named named = KNOWN.get(parameter);
        if (named == null || choices.isEmpty() || choices.size() > CHOICES_MAX) {
            return Optional.empty();
        }
        if (named.name().equals(WDR)) {
            return choices.contains("on") && choices.contains("off")
                    ? Optional.of(new Known(
                            DriverSetting.bool(WDR, named.title()), parameter, Map.of("true", "on", "false", "off")))
                    : Optional.empty();
        }
        Map<String, String> words = named.name().equals(IR_CUT) ? Map.of("on", "yes", "off", "no") : Map.of();
        List<Choice> offered = choices.stream()
                .filter(word -> word.matches("[\\w.-]{1,64}"))
                .map(word -> fromCamera(words, word))
                .distinct()
                .map(value -> new Choice(value, TITLES.getOrDefault(value, Wording.of(value))))
                .toList();
        return offered.isEmpty()
                ? Optional.empty()
                : Optional.of(new Known(DriverSetting.choice(named.name(), named.title(), offered), parameter, words));
    }

    private static String fromCamera(Map<String, String> toCamera, String word) {
        return toCamera.entrySet().stream()
                .filter(entry -> entry.getValue().equals(word))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(word);
    }

    @Override
    public Map<String, String> values() throws DriverException {
        AxisFacts told = AxisFacts.parse(http.text(VALUES));
        Map<String, String> values = new LinkedHashMap<>();
        for (Known known : described()) {
            String value = fromCamera(known.toCamera(), told.get(GROUP + "." + known.parameter()));
            // What breaks its own definition is not told.
            if (known.setting().problem(value).isEmpty()) {
                values.put(known.setting().name(), value);
            }
        }
        return values;
    }

    @Override
    public void change(Map<String, String> changes) throws DriverException {
        StringBuilder query = new StringBuilder("/axis-cgi/param.cgi?action=update");
        for (Known known : described()) {
            String value = changes.get(known.setting().name());
            if (value != null) {
                query.append('&')
                        .append(GROUP)
                        .append('.')
                        .append(known.parameter())
                        .append('=')
                        .append(URLEncoder.encode(known.toCamera().getOrDefault(value, value), StandardCharsets.UTF_8));
            }
        }
        String answer = http.text(query.toString()).strip();
        if (!answer.equals("OK")) {
            throw new DriverException(
                    Kind.CONFIG, "The camera does not take these values: " + AxisHttp.words(answer) + ".");
        }
    }

    @Override
    public List<Action> actions() throws DriverException {
        if (actions.isEmpty()) {
            List<Action> found = new ArrayList<>();
            if (wiper().isPresent()) {
                found.add(new Action(WIPE, Wording.of("Wipe").in("de", "Wischen")));
            }
            if (lens().isPresent()) {
                found.add(new Action(FOCUS_ONCE, Wording.of("Focus once").in("de", "Einmal scharfstellen")));
            }
            actions = Optional.of(List.copyOf(found));
        }
        return actions.get();
    }

    @Override
    public void perform(String action) throws DriverException {
        switch (action) {
            case WIPE -> http.call(CLEAR_VIEW, "start", Map.of("id", wiper().orElseThrow(() -> none(action))));
            case FOCUS_ONCE -> {
                String lens = lens().orElseThrow(() -> none(action));
                http.call(OPTICS, "performAutofocus", Map.of("optics", List.of(Map.of("opticsId", lens))));
            }
            default -> throw none(action);
        }
    }

    private static DriverException none(String action) {
        return new DriverException(Kind.NOT_FOUND, "The camera has no action '" + action + "'.");
    }

    /** {@return the number of the first wiper} */
    private Optional<Integer> wiper() throws DriverException {
        for (Object service : JsonTree.list(optional(CLEAR_VIEW, "getServiceInfo"), "services")) {
            String id = JsonTree.text(service, "id");
            if (JsonTree.text(service, "type").equals("wiper") && id.matches("\\d{1,4}")) {
                return Optional.of(Integer.parseInt(id));
            }
        }
        return Optional.empty();
    }

    private Optional<String> lens() throws DriverException {
        for (Object lens : JsonTree.list(optional(OPTICS, "getOptics"), "optics")) {
            String id = JsonTree.text(lens, "opticsId");
            if (id.matches("\\w{1,16}")) {
                return Optional.of(id);
            }
        }
        return Optional.empty();
    }

    /** {@return what an interface answers that a camera need not have} */
    private Object optional(String path, String method) throws DriverException {
        try {
            return http.call(path, method, Map.of());
        } catch (DriverException missing) {
            if (missing.kind() == Kind.UNSUPPORTED) {
                return Map.of();
            }
            throw missing;
        }
    }
}
