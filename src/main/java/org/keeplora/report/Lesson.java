package org.keeplora.report;

import java.util.Locale;

/** What plain LoRA loses and KeepLoRA keeps over the same tasks, in plain words for somebody who sees it for the first time. */
public final class Lesson {
    /** What the paper claims of Transfer: about that of zero-shot. */
    private static final double ABOUT_THE_SAME = 2;

    private Lesson() {}

    /**
     * @param zeroShot a run that trained nothing
     * @param lora a run that protects nothing
     * @param keepLora the run that protects
     * @return lines of text, all on the same tasks and with a probe
     */
    public static String of(RunReport zeroShot, RunReport lora, RunReport keepLora) {
        int tasks = zeroShot.tables().accuracy().tasks().size();
        String text = String.format(
                Locale.ROOT,
                "Before any training the model names %s of the tasks' test images rightly, and %s of things that no task shows.%n",
                percent(last(zeroShot)),
                percent(general(zeroShot)));
        text += String.format(
                Locale.ROOT,
                "Then it learns %d tasks, one after another, each without the data of the others:%n",
                tasks);
        text += course("lora", lora);
        text += course("keeplora", keepLora);
        double before = zeroShot.metrics().transfer().mean();
        double transfer = keepLora.metrics().transfer().mean();
        text += String.format(
                Locale.ROOT,
                "On tasks not learned yet (Transfer) lora is right in %s, keeplora in %s; before any training it was %s.%n",
                percent(lora.metrics().transfer().mean()),
                percent(transfer),
                percent(before));
        double gain = last(keepLora) - last(lora);
        text += String.format(
                Locale.ROOT,
                "So keeplora %s what it could do before, and ends %s %s plain lora.%n",
                transfer >= before - ABOUT_THE_SAME ? "kept" : "lost " + points(before - transfer) + " of",
                points(Math.abs(gain)),
                gain >= 0 ? "above" : "below");
        return text;
    }

    private static String course(String name, RunReport run) {
        return String.format(
                Locale.ROOT,
                "- %s ends at %s on the tasks; an earlier task lost %s since its best moment; of what no task shows, %s is left.%n",
                name,
                percent(last(run)),
                points(run.metrics().forgetting().mean()),
                percent(general(run)));
    }

    private static double last(RunReport run) {
        return run.metrics().last().mean();
    }

    private static double general(RunReport run) {
        return run.tables().probes().general();
    }

    private static String percent(double value) {
        return String.format(Locale.ROOT, "%.1f %%", value);
    }

    private static String points(double value) {
        return String.format(Locale.ROOT, "%.1f points", value);
    }
}
