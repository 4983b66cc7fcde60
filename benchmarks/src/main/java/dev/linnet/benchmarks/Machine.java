package dev.linnet.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What the operating system says: CPU time and memory of a process with its children, and what else was busy. Linux only. */
final class Machine {
    private static final double TICKS_PER_SECOND = 100;

    private Machine() {}

    /** User and system CPU seconds of a process and of all its descendants so far. */
    static double cpuSeconds(ProcessHandle process) {
        return tree(process).mapToDouble(Machine::ownCpuSeconds).sum();
    }

    /** Resident memory of a process and of all its descendants, in MB. */
    static long residentMegabytes(ProcessHandle process) {
        return tree(process)
                .mapToLong(each -> {
                    for (String line : lines(Path.of("/proc", Long.toString(each.pid()), "status"))) {
                        if (line.startsWith("VmRSS:")) {
                            return Long.parseLong(line.replaceAll("\\D", "")) / 1024;
                        }
                    }
                    return 0;
                })
                .sum();
    }

    /** Busy CPU seconds of the whole machine so far, over all cores. */
    static double busySeconds() {
        String[] fields = lines(Path.of("/proc/stat")).getFirst().trim().split("\\s+", -1);
        double busy = 0;
        for (int field : List.of(1, 2, 3, 6, 7, 8)) { // user nice system irq softirq steal
            busy += Double.parseDouble(fields[field]);
        }
        return busy / TICKS_PER_SECOND;
    }

    /** Processor, cores, kernel, memory: what stands above a table of figures. */
    static String words() {
        String processor = lines(Path.of("/proc/cpuinfo")).stream()
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.substring(line.indexOf(':') + 2))
                .findFirst()
                .orElse("unknown processor");
        String memory = lines(Path.of("/proc/meminfo")).getFirst().replaceAll("\\D", "");
        return "%s, %d cores, %d GB, %s %s, Java %s"
                .formatted(
                        processor,
                        Runtime.getRuntime().availableProcessors(),
                        Long.parseLong(memory) / 1024 / 1024,
                        System.getProperty("os.name"),
                        System.getProperty("os.version"),
                        Runtime.version());
    }

    private static Stream<ProcessHandle> tree(ProcessHandle process) {
        return Stream.concat(Stream.of(process), process.descendants());
    }

    private static double ownCpuSeconds(ProcessHandle process) {
        List<String> stat = lines(Path.of("/proc", Long.toString(process.pid()), "stat"));
        if (stat.isEmpty()) {
            return 0;
        }
        // The name in parentheses may have blanks; fields count from behind it: utime is the 12th, stime the 13th.
        String[] fields =
                stat.getFirst().substring(stat.getFirst().lastIndexOf(')') + 2).split(" ", -1);
        return (Double.parseDouble(fields[11]) + Double.parseDouble(fields[12])) / TICKS_PER_SECOND;
    }

    /** Empty if the process that the file tells of has ended. */
    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException _) {
            return List.of();
        }
    }
}
