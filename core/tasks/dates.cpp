// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tasks/dates.h"

#include <algorithm>
#include <chrono>
#include <set>

namespace attn {
namespace dates {
namespace {

constexpr const char* monthNames[] = {"January", "February", "March",     "April",   "May",      "June",
                                      "July",    "August",   "September", "October", "November", "December"};
constexpr const char* weekdayNames[] = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                        "Thursday", "Friday", "Saturday"};

/// d day, D two-digit day, o ordinal day (3rd), m month number, M two-digit month, N month's name,
/// A its first three letters, y year, W weekday's name, w its first three letters; others stand for
/// themselves. In quotes: words.
constexpr const char* forms[] = {
    "d N y",
    "D N y",
    "o N y",
    "o 'of' N y",
    "'the' o 'of' N y",
    "N d y",
    "N d, y",
    "N o, y",
    "W, d N y",
    "W, N d, y",
    "w d N y",
    "w, N o y",
    "d A y",
    "A d, y",
    "d-A-y",
    "D.M.y",
    "d.m.y",
    "y/M/D",
    "y-M-D",
    "y N d",
    "N 'the' o, y",
    "'the' o 'day of' N, y",
    "W 'the' o 'of' N, y",
    "A. d, y",
    "W o N y",
};

const char* suffix(int day) {
    if (day / 10 == 1) return "th";
    return day % 10 == 1 ? "st" : day % 10 == 2 ? "nd" : day % 10 == 3 ? "rd" : "th";
}

std::string twoDigits(int number) {
    return std::string(number < 10 ? "0" : "") + std::to_string(number);
}

/// Where the parts of 1979-05-03 begin.
constexpr int yearAt = 0, monthAt = 5, dayAt = 8;

class Writer {
public:
    Writer(const Day& day, Case letters) : m_day(day), m_case(letters) {
        const std::string iso =
            std::to_string(day.year) + "-" + twoDigits(day.month) + "-" + twoDigits(day.day);
        for (char c : iso) m_example.target.emplace_back(1, c);
    }

    void part(char code) {
        switch (code) {
            case 'd':
                number(std::to_string(m_day.day), dayAt);
                break;
            case 'D':
                number(twoDigits(m_day.day), dayAt);
                break;
            case 'o':
                number(std::to_string(m_day.day), dayAt);
                text(suffix(m_day.day), dayAt, 0);
                break;
            case 'm':
                number(std::to_string(m_day.month), monthAt);
                break;
            case 'M':
                number(twoDigits(m_day.month), monthAt);
                break;
            case 'N':
                text(monthNames[m_day.month - 1], monthAt, 3);
                break;
            case 'A':
                text(std::string(monthNames[m_day.month - 1]).substr(0, 3), monthAt, 3);
                break;
            case 'y':
                number(std::to_string(m_day.year), yearAt);
                break;
            case 'W':
                plain(weekday());
                break;
            case 'w':
                plain(weekday().substr(0, 3));
                break;
            case '.':
            case '/':
            case '-':
                separator(code);
                break;
            default:
                plain(std::string(1, code));
        }
    }
    void plain(const std::string& word) {
        for (char c : word) put(c);
    }
    Example take() { return std::move(m_example); }

private:
    int put(char c) {
        if (m_case == Case::Lower && c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
        if (m_case == Case::Upper && c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
        m_example.source.emplace_back(1, c);
        return static_cast<int>(m_example.source.size()) - 1;
    }
    /// Digits, the last of which is the last of the target's; a padding zero comes from the first.
    void number(const std::string& digits, int target) {
        const int width = target == yearAt ? 4 : 2, given = static_cast<int>(digits.size());
        for (int i = 0; i < given; ++i) {
            const int source = put(digits[static_cast<std::size_t>(i)]);
            if (given < width && i == 0) m_example.links.push_back({source, target, false});
            m_example.links.push_back({source, target + width - given + i, true});
        }
    }
    /// Letters of which the first `sure` tell both digits of the part surely.
    void text(const std::string& letters, int target, int sure) {
        for (int i = 0; i < static_cast<int>(letters.size()); ++i) {
            const int source = put(letters[static_cast<std::size_t>(i)]);
            for (int digit = 0; digit < 2; ++digit)
                m_example.links.push_back({source, target + digit, i < sure});
        }
    }
    void separator(char c) {
        const int source = put(c);
        for (int hyphen : {monthAt - 1, dayAt - 1}) m_example.links.push_back({source, hyphen, false});
    }
    std::string weekday() const {
        using namespace std::chrono;
        const sys_days days = year(m_day.year) / month(static_cast<unsigned>(m_day.month)) /
                              day(static_cast<unsigned>(m_day.day));
        return weekdayNames[std::chrono::weekday(days).c_encoding()];
    }

    Day m_day;
    Case m_case;
    Example m_example;
};

} // namespace

int formCount() {
    return static_cast<int>(std::size(forms));
}

Example write(const Day& day, int form, Case letters) {
    Writer writer(day, letters);
    const std::string pattern = forms[form];
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        if (pattern[i] == '\'') {
            const std::size_t close = pattern.find('\'', i + 1);
            writer.plain(pattern.substr(i + 1, close - i - 1));
            i = close;
        } else {
            writer.part(pattern[i]);
        }
    }
    return writer.take();
}

} // namespace dates

Example DatesTask::generate(Random& random) const {
    dates::Day day;
    day.year = 1900 + random.below(200);
    day.month = 1 + random.below(12);
    const auto last = std::chrono::year(day.year) / std::chrono::month(static_cast<unsigned>(day.month)) /
                      std::chrono::last;
    day.day = 1 + random.below(static_cast<int>(static_cast<unsigned>(last.day())));
    const int form = random.below(dates::formCount());
    const double letters = random.uniform();
    return dates::write(day, form,
                        letters < 0.5   ? dates::Case::Usual
                        : letters < 0.8 ? dates::Case::Lower
                                        : dates::Case::Upper);
}

std::vector<std::string> DatesTask::sourceTokens() const {
    std::set<std::string> tokens;
    for (int form = 0; form < dates::formCount(); ++form)
        for (int month = 1; month <= 12; ++month)
            for (int day = 1; day <= 28; ++day)
                for (dates::Case letters : {dates::Case::Usual, dates::Case::Lower, dates::Case::Upper})
                    for (const std::string& token :
                         dates::write({1900 + day, month, day}, form, letters).source)
                        tokens.insert(token);
    return {tokens.begin(), tokens.end()};
}

std::vector<std::string> DatesTask::targetTokens() const {
    return {"-", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9"};
}

std::vector<std::string> DatesTask::showcase() const {
    return {
        "3 May 1979",   "may 3rd, 1979", "Thursday, 3 May 1979",      "21.12.2012", "the 1st of April 2001",
        "DEC 25, 1999", "1969/07/20",    "the 14th day of July, 1989"};
}

} // namespace attn
