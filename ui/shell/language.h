// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>
#include <array>
#include <utility>

#include "core/base/enum_text.h"

namespace attn::ui {

/// What a person may choose. System follows the desktop's list of languages.
enum class Language { System, English, Chinese };

/// The first language of `preferred` (BCP 47 tags, best first) that the window speaks; English if none.
Language bestLanguage(const QStringList& preferred);

/// Makes `choice` the language of this application's texts and of Qt's own: buttons, file dialogs. Every
/// top-level widget gets QEvent::LanguageChange if that changes anything. Needs a QCoreApplication.
void applyLanguage(Language choice);

/// The language the texts are in now; never System.
Language currentLanguage();

} // namespace attn::ui

template <>
struct attn::EnumNames<attn::ui::Language> {
    static constexpr std::array names{std::pair{attn::ui::Language::System, std::string_view("system")},
                                      std::pair{attn::ui::Language::English, std::string_view("en")},
                                      std::pair{attn::ui::Language::Chinese, std::string_view("zh")}};
};
