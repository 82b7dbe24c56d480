// The emoji of the picker with words to find them by, in five groups.

export const GROUPS = [
  ["faces", "😀 grin happy|😃 smile happy|😄 laugh smile|😁 beam|😆 laugh|😅 sweat relief|😂 tears joy laugh|🤣 rolling laugh|🙂 slight smile|🙃 upside down|😉 wink|😊 blush|😇 angel halo|🥰 love hearts|😍 heart eyes|🤩 star struck|😘 kiss|😋 yum tasty|😛 tongue|😜 wink tongue|🤪 zany|🤑 money|🤗 hug|🤭 oops|🤫 quiet hush|🤔 think|🤐 zip|🤨 raised brow|😐 neutral|😑 blank|😶 no mouth|😏 smirk|😒 unamused|🙄 eye roll|😬 grimace|😌 relieved|😔 pensive|😪 sleepy|😴 sleep|😷 mask sick|🤒 fever|🤕 hurt|🤢 nausea|🥵 hot|🥶 cold|😵 dizzy|🤯 mind blown|🥳 party|😎 cool|🤓 nerd|🧐 monocle|😕 confused|😟 worried|😮 wow surprised|😲 astonished|😳 flushed|🥺 pleading|😢 cry sad|😭 sob|😱 scream|😖 confounded|😞 disappointed|😩 weary|😤 huff|😡 angry|🤬 swear|💀 skull|🤖 robot"],
  ["hands", "👍 thumbs up yes|👎 thumbs down no|👌 ok|✌️ peace|🤞 luck fingers crossed|🤟 love you|🤙 call|👈 left|👉 right|👆 up|👇 down|✋ stop hand|👋 wave hello|🤝 handshake deal|🙏 thanks please pray|👏 clap|🙌 raise celebrate|💪 strong|✍️ write|🤳 selfie|👀 eyes look|🧠 brain|👶 baby|🧒 child|👩 woman|👨 man|👵 grandmother|👴 grandfather|🙋 raise hand question|🤷 shrug|🤦 facepalm|💁 tip|🙅 no gesture|🙆 ok gesture|👩‍💻 developer|👷 worker|👮 police|🧑‍🍳 cook|💃 dance|🚶 walk"],
  ["hearts", "❤️ red heart love|🧡 orange heart|💛 yellow heart|💚 green heart|💙 blue heart|💜 purple heart|🖤 black heart|🤍 white heart|💔 broken heart|💕 two hearts|💯 hundred|✨ sparkles|⭐ star|🌟 glowing star|🔥 fire|💥 boom|💤 sleep|💬 speech|✅ done check|☑️ ticked|❌ cross no|❓ question|❗ exclamation|⚠️ warning|🚫 forbidden|➕ plus|➡️ right arrow|🔁 repeat|🆗 ok|🆕 new|🔔 bell|🔕 mute|🎉 party tada|🎊 confetti|🎁 gift|🏆 trophy"],
  ["nature", "🐶 dog|🐱 cat|🦊 fox|🐼 panda|🐯 tiger|🦁 lion|🐘 elephant|🦜 parrot|🦋 butterfly|🐝 bee|🌱 seedling|🌿 herb|🌸 blossom|🌹 rose|🌻 sunflower|🌳 tree|🌴 palm|☀️ sun|🌤️ cloud sun|🌧️ rain|⚡ lightning|❄️ snow|🌊 wave|🌈 rainbow|🍎 apple|🍌 banana|🥭 mango|🍇 grapes|🍓 strawberry|🥥 coconut|🌶️ chilli|🍞 bread|🍕 pizza|🍔 burger|🍛 curry rice|🍜 noodles|🍰 cake|🍫 chocolate|☕ coffee|🍵 tea|🥤 drink|🍻 cheers"],
  ["things", "📱 phone|💻 laptop|⌚ watch|📷 camera|🎥 film|🎧 headphones|🎵 music|📞 call|🔋 battery|💡 idea light|🔧 wrench|🔑 key|🔒 lock|🛒 cart shopping|🛍️ shopping bags|📦 parcel box|🚚 delivery truck|✉️ letter mail|📄 page document|📎 clip|📌 pin|📅 calendar|⏰ alarm|⏳ hourglass wait|💰 money bag|💳 card pay|🧾 receipt|📈 chart up|📉 chart down|🏠 house home|🏢 office|🏥 hospital|🏫 school|🚗 car|🚕 taxi|🚌 bus|🚲 bicycle|✈️ plane|🚆 train|⛵ boat|🗺️ map|📍 location|⚽ football|🏏 cricket|🎾 tennis|🪁 kite|🎂 birthday cake|🚩 flag"],
].map(([name, list]) => ({
  name,
  items: list.split("|").map((entry) => {
    const [emoji, ...words] = entry.split(" ");
    return { emoji, words: words.join(" ") };
  }),
}));
