import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.net.URLDecoder;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.time.zone.ZoneRulesProvider;

import org.springframework.scheduling.support.CronExpression;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * Answers questions about cron and zones with Spring's class and the JDK's, a line each. Parts are separated by a tab and
 * encoded as in URLs; times are epoch milliseconds.
 *
 * release                        the tz release of the JDK's zone rules, such as 2025a
 * zone ID                        "ok" or "refused"
 * rules ID FROM TO               the offset at FROM in seconds, then TIME:OFFSET for each change before TO; or "refused"
 * next EXPRESSION ZONE FROM N    "refused", or N times the next fire after the one before; "none" ends it. Where Spring answers
 *                                with no later moment, the first later answer from one hour after, two hours, and so on,
 *                                behind "!"
 */
public class Oracle {
	private static final int HOURS_PAST = 31 * 24;

	public static void main(String[] args) throws IOException {
		BufferedReader in = new BufferedReader(new InputStreamReader(System.in, UTF_8));
		PrintWriter out = new PrintWriter(new BufferedWriter(new OutputStreamWriter(System.out, UTF_8)));
		for (String line = in.readLine(); line != null; line = in.readLine()) {
			String[] parts = line.split("\t", -1);
			for (int i = 0; i < parts.length; i += 1) parts[i] = URLDecoder.decode(parts[i], UTF_8);
			out.println(answer(parts));
		}
		out.flush();
	}

	private static String answer(String[] parts) {
		try {
			ZoneId zone;
			switch (parts[0]) {
				case "release":
					return ZoneRulesProvider.getVersions("UTC").lastKey();
				case "zone":
					ZoneId.of(parts[1]);
					return "ok";
				case "rules":
					return rules(ZoneId.of(parts[1]).getRules(), Instant.ofEpochMilli(Long.parseLong(parts[2])),
							Instant.ofEpochMilli(Long.parseLong(parts[3])));
				case "next":
					zone = ZoneId.of(parts[2]);
					return next(CronExpression.parse(parts[1]), zone, Long.parseLong(parts[3]),
							Integer.parseInt(parts[4]));
				default:
					throw new IllegalStateException("no such question: " + parts[0]);
			}
		}
		catch (IllegalArgumentException | DateTimeException refused) {
			return "refused";
		}
	}

	private static String rules(ZoneRules rules, Instant from, Instant to) {
		StringBuilder text = new StringBuilder().append(rules.getOffset(from).getTotalSeconds());
		ZoneOffsetTransition change = rules.nextTransition(from);
		while (change != null && change.getInstant().isBefore(to)) {
			text.append(' ').append(change.getInstant().toEpochMilli()).append(':')
					.append(change.getOffsetAfter().getTotalSeconds());
			change = rules.nextTransition(change.getInstant());
		}
		return text.toString();
	}

	private static String next(CronExpression cron, ZoneId zone, long from, int count) {
		StringBuilder text = new StringBuilder("ok");
		ZonedDateTime at = Instant.ofEpochMilli(from).atZone(zone);
		for (int i = 0; i < count; i += 1) {
			ZonedDateTime found = cron.next(at);
			boolean late = false;
			for (int hours = 1; found != null && !found.isAfter(at) && hours < HOURS_PAST; hours += 1) {
				late = true;
				found = cron.next(at.plusHours(hours));
			}
			if (found == null || !found.isAfter(at)) return text.append(late ? " !none" : " none").toString();
			text.append(late ? " !" : " ").append(found.toInstant().toEpochMilli());
			at = found;
		}
		return text.toString();
	}
}
