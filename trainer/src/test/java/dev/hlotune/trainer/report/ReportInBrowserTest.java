package dev.hlotune.trainer.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The page in a browser: everything on it is used once, and nothing goes wrong. Needs a Chromium or
 * Chrome, which the environment variable {@code HLOTUNE_BROWSER} names.
 */
final class ReportInBrowserTest {
  /** Says in the document what came of it. */
  private static final String USE =
      """
      <script>
      const problems = [];
      addEventListener('error', (event) => problems.push(event.message));
      setTimeout(() => {
        const svg = () => document.querySelector('.chart > svg');
        const box = svg().getBoundingClientRect();
        const move = (kind, part) => svg().dispatchEvent(new PointerEvent(kind, {
          clientX: box.left + box.width * part, clientY: box.top + 50, pointerType: 'mouse', button: 0 }));
        const said = [];
        move('pointermove', 0.99);
        said.push(document.querySelector('.tip').innerText);
        move('pointerdown', 0.5); move('pointermove', 0.99); move('pointerup', 0.99);
        said.push('zoomed ' + !document.getElementById('whole').hidden);
        document.getElementById('whole').click();
        document.getElementById('log').click();
        const smooth = document.getElementById('smooth');
        smooth.value = 0.8; smooth.dispatchEvent(new Event('input'));
        for (const axis of ['epoch', 'num_tokens', 'time']) {
          const x = document.getElementById('x');
          x.value = axis; x.dispatchEvent(new Event('change'));
        }
        document.querySelector('[data-run="1"]').click();
        svg().focus();
        svg().dispatchEvent(new KeyboardEvent('keydown', { key: 'End' }));
        said.push(document.querySelector('.tip').innerText);
        document.getElementById('only').click();
        said.push('rows ' + [...document.querySelectorAll('#configuration td')].filter((cell) => cell.offsetParent).length);
        dispatchEvent(new Event('resize'));
        document.body.dataset.said = said.concat(problems).join('; ').replaceAll('\\n', ', ').replaceAll('\\t', ' ');
      }, 200);
      </script></body>\
      """;

  @TempDir Path folder;

  @Test
  void everythingWorks() throws Exception {
    assumeTrue(
        System.getenv("HLOTUNE_BROWSER") != null, "needs HLOTUNE_BROWSER, a Chromium or Chrome");
    RunRecord first =
        RunRecord.read(
            WrittenRun.write(
                folder.resolve("first"),
                "1e-3",
                WrittenRun.line(10, 5),
                WrittenRun.line(20, 3, 2.5),
                WrittenRun.line(30, 2, 1.25)));
    RunRecord second =
        RunRecord.read(
            WrittenRun.write(
                folder.resolve("second"), "2e-3", WrittenRun.line(10, 4), WrittenRun.line(30, 1)));
    String page =
        RunReport.page(List.of(first, second))
            .replaceFirst("<meta http-equiv=\"Content-Security-Policy\"[^>]*>", "")
            .replace("</body>", USE);
    Path file = Files.writeString(folder.resolve("page.html"), page);
    Process browser =
        new ProcessBuilder(
                Objects.requireNonNull(System.getenv("HLOTUNE_BROWSER")),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--virtual-time-budget=2000",
                "--window-size=1200,900",
                "--dump-dom",
                file.toUri().toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .redirectOutput(folder.resolve("dom").toFile())
            .start();
    assertTrue(browser.waitFor(60, TimeUnit.SECONDS), "no end");
    String dom = Files.readString(folder.resolve("dom"));
    Matcher said = Pattern.compile("data-said=\"([^\"]*)\"").matcher(dom);
    assertTrue(said.find(), "the script ran to its end");
    assertEquals(
        "update 30, first, training 2, first, held out 1.25, second, training 1; zoomed true;"
            + " seconds of training 3, first, training 2, first, held out 1.25; rows 4",
        said.group(1));
    assertFalse(dom.contains("NaN"), "no place is no number");
  }
}
