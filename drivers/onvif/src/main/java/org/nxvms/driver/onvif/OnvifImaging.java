// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.driver.spi.DriverSetting;
import org.nxvms.driver.spi.DriverSetting.Choice;
import org.nxvms.driver.spi.Imaging;
import org.nxvms.driver.spi.Wording;

/**
 * The picture of one video source (Imaging 5): what the device's options offer, asked once a session, when somebody asks; and
 * what its head does when told.
 */
final class OnvifImaging implements Imaging {
    private static final int CHOICES_MAX = 20;
    private static final String GAIN = "exposure_gain";
    private static final String IRIS = "exposure_iris";
    /** Numbers of a group with a mode, which goes along with each of them (onvif.xsd, Exposure20). */
    private static final Set<String> OF_EXPOSURE = Set.of(EXPOSURE_TIME_US, GAIN, IRIS);
    /** A range from 0 to 1 would have two steps in whole numbers: it is shown in hundredths. */
    private static final int FINE = 100;

    private static final Map<String, Wording> TITLES = Map.of(
            "on", Wording.of("On").in("de", "Ein"),
            "off", Wording.of("Off").in("de", "Aus"),
            "auto", Wording.of("Automatic").in("de", "Automatisch"),
            "manual", Wording.of("Manual").in("de", "Von Hand"));

    /**
     * What is called how.
     *
     * @param options path in the answer to {@code GetOptions}, by slashes
     * @param element path in the settings, by slashes
     */
    private record Named(String name, Wording title, String options, String element) {}

    /** In the order of {@code ImagingSettings20}, in which they must be sent. */
    private static final List<Named> KNOWN = List.of(
            new Named(BRIGHTNESS, Wording.of("Brightness").in("de", "Helligkeit"), "Brightness", "Brightness"),
            new Named(
                    SATURATION,
                    Wording.of("Saturation").in("de", "Farbsättigung"),
                    "ColorSaturation",
                    "ColorSaturation"),
            new Named(CONTRAST, Wording.of("Contrast").in("de", "Kontrast"), "Contrast", "Contrast"),
            new Named(EXPOSURE, Wording.of("Exposure").in("de", "Belichtung"), "Exposure/Mode", "Exposure/Mode"),
            new Named(
                    EXPOSURE_TIME_US,
                    Wording.of("Exposure time (µs)").in("de", "Belichtungszeit (µs)"),
                    "Exposure/ExposureTime",
                    "Exposure/ExposureTime"),
            new Named(GAIN, Wording.of("Gain (dB)").in("de", "Verstärkung (dB)"), "Exposure/Gain", "Exposure/Gain"),
            new Named(IRIS, Wording.of("Iris (dB)").in("de", "Blende (dB)"), "Exposure/Iris", "Exposure/Iris"),
            new Named(FOCUS, Wording.of("Focus").in("de", "Fokus"), "Focus/AutoFocusModes", "Focus/AutoFocusMode"),
            new Named(
                    IR_CUT,
                    Wording.of("Infrared cut filter").in("de", "Infrarotsperrfilter"),
                    "IrCutFilterModes",
                    "IrCutFilter"),
            new Named(SHARPNESS, Wording.of("Sharpness").in("de", "Schärfe"), "Sharpness", "Sharpness"),
            new Named(
                    WDR,
                    Wording.of("Wide dynamic range").in("de", "Großer Kontrastumfang (WDR)"),
                    "WideDynamicRange/Mode",
                    "WideDynamicRange/Mode"));

    /**
     * One setting of this device.
     *
     * @param scale what a value of the device is multiplied by; 0 for words
     */
    private record Known(Named named, DriverSetting setting, int scale) {}

    private final Services services;
    private final String source;
    private final Optional<OnvifAuxiliary> auxiliary;
    private final Optional<OnvifFocus> focus;
    private Optional<List<Known>> described;

    /** @param source empty where the device has no settings for it */
    OnvifImaging(Services services, String source, Optional<OnvifAuxiliary> auxiliary) {
        this.auxiliary = auxiliary;
        this.described = source.isEmpty() ? Optional.of(List.of()) : Optional.empty();
        this.services = services;
        this.source = "<o:VideoSourceToken>" + SoapText.escaped(source) + "</o:VideoSourceToken>";
        this.focus = source.isEmpty() ? Optional.empty() : Optional.of(new OnvifFocus(services, this.source));
    }

    @Override
    public List<DriverSetting> settings() throws DriverException {
        return described().stream().map(Known::setting).toList();
    }

    private List<Known> described() throws DriverException {
        if (described.isEmpty()) {
            Optional<XmlNode> options =
                    services.call(Service.IMAGING, "GetOptions", source).find("ImagingOptions");
            List<Known> found = new ArrayList<>();
            for (Named named : options.isPresent() ? KNOWN : List.<Named>of()) {
                known(named, options.get()).ifPresent(found::add);
            }
            described = Optional.of(List.copyOf(found));
        }
        return described.get();
    }

    private static Optional<Known> known(Named named, XmlNode options) {
        String[] path = named.options().split("/");
        boolean isMode = named.element().contains("/") && !OF_EXPOSURE.contains(named.name());
        if (isMode || named.name().equals(IR_CUT)) {
            XmlNode parent = path.length == 1 ? options : options.find(path[0]).orElse(null);
            List<String> words = parent == null
                    ? List.of()
                    : parent.all(path[path.length - 1]).stream()
                            .map(node -> node.text().toLowerCase(Locale.ROOT))
                            .filter(word -> word.matches("[a-z]{1,20}"))
                            .distinct()
                            .limit(CHOICES_MAX)
                            .toList();
            return ofWords(named, words);
        }
        return options.find(path).flatMap(range -> ofNumber(named, range.text("Min"), range.text("Max")));
    }

    private static Optional<Known> ofWords(Named named, List<String> words) {
        if (named.name().equals(WDR)) {
            return words.contains("on") && words.contains("off")
                    ? Optional.of(new Known(named, DriverSetting.bool(WDR, named.title()), 0))
                    : Optional.empty();
        }
        List<Choice> choices = words.stream()
                .map(word -> new Choice(word, TITLES.getOrDefault(word, Wording.of(word))))
                .toList();
        return choices.isEmpty()
                ? Optional.empty()
                : Optional.of(new Known(named, DriverSetting.choice(named.name(), named.title(), choices), 0));
    }

    private static Optional<Known> ofNumber(Named named, String least, String most) {
        Optional<Double> min = number(least);
        Optional<Double> max = number(most);
        if (min.isEmpty() || max.isEmpty() || min.get() >= max.get()) {
            return Optional.empty();
        }
        int scale = max.get() - min.get() <= 2 ? FINE : 1;
        long from = (long) Math.ceil(min.get() * scale);
        long to = (long) Math.floor(max.get() * scale);
        return from >= to
                ? Optional.empty()
                : Optional.of(new Known(named, DriverSetting.integer(named.name(), named.title(), from, to), scale));
    }

    private static Optional<Double> number(String text) {
        return text.matches("-?\\d{1,7}(\\.\\d{1,20})?") ? Optional.of(Double.parseDouble(text)) : Optional.empty();
    }

    @Override
    public List<Action> actions() throws DriverException {
        List<Action> actions =
                new ArrayList<>(auxiliary.map(OnvifAuxiliary::actions).orElse(List.of()));
        if (focus.isPresent()) {
            actions.addAll(focus.get().actions());
        }
        return List.copyOf(actions);
    }

    @Override
    public void perform(String action) throws DriverException {
        if (focus.isPresent() && focus.get().perform(action)) {
            return;
        }
        auxiliary
                .orElseThrow(() -> new DriverException(Kind.NOT_FOUND, "The camera has no action " + action + "."))
                .perform(action);
    }

    @Override
    public Map<String, String> values() throws DriverException {
        if (described().isEmpty()) {
            return Map.of();
        }
        XmlNode told = services.call(Service.IMAGING, "GetImagingSettings", source);
        Map<String, String> values = new LinkedHashMap<>();
        for (Known known : described()) {
            String text = told.find("ImagingSettings")
                    .map(settings -> settings.text(known.named().element().split("/")))
                    .orElse("");
            String value = fromDevice(known, text);
            // What breaks its own definition is not told.
            if (!text.isEmpty() && known.setting().problem(value).isEmpty()) {
                values.put(known.setting().name(), value);
            }
        }
        return values;
    }

    private static String fromDevice(Known known, String text) {
        if (known.scale() > 0) {
            return number(text)
                    .map(value -> Long.toString(Math.round(value * known.scale())))
                    .orElse("");
        }
        String word = text.toLowerCase(Locale.ROOT);
        return known.named().name().equals(WDR) ? Boolean.toString(word.equals("on")) : word;
    }

    @Override
    public void change(Map<String, String> changes) throws DriverException {
        Map<String, String> whole = withMode(changes);
        Map<String, String> groups = new LinkedHashMap<>();
        for (Known known : described()) {
            String value = whole.get(known.setting().name());
            if (value != null) {
                String[] path = known.named().element().split("/");
                String inside = toDevice(known, value);
                groups.merge(path[0], path.length == 1 ? inside : element(path[1], inside), String::concat);
            }
        }
        StringBuilder xml = new StringBuilder();
        groups.forEach((name, inside) -> xml.append(element(name, inside)));
        services.call(
                Service.IMAGING,
                "SetImagingSettings",
                source + "<o:ImagingSettings>" + xml
                        + "</o:ImagingSettings><o:ForcePersistence>true</o:ForcePersistence>");
    }

    private static String element(String name, String inside) {
        return "<tt:" + name + ">" + inside + "</tt:" + name + ">";
    }

    private Map<String, String> withMode(Map<String, String> changes) throws DriverException {
        if (changes.containsKey(EXPOSURE) || changes.keySet().stream().noneMatch(OF_EXPOSURE::contains)) {
            return changes;
        }
        Map<String, String> whole = new LinkedHashMap<>(changes);
        Optional.ofNullable(values().get(EXPOSURE)).ifPresent(mode -> whole.put(EXPOSURE, mode));
        return whole;
    }

    private static String toDevice(Known known, String value) {
        if (known.scale() > 0) {
            return known.scale() == 1
                    ? value
                    : String.format(Locale.ROOT, "%.2f", Long.parseLong(value) / (double) known.scale());
        }
        return known.named().name().equals(WDR) ? value.equals("true") ? "ON" : "OFF" : value.toUpperCase(Locale.ROOT);
    }
}
