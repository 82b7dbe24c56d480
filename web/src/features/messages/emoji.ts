/** The emoji of the picker with the words by which they are found. */
export type Emoji = [letter: string, words: string];

const list = (text: string): Emoji[] =>
  text
    .trim()
    .split('\n')
    .map((line): Emoji => {
      const [letter = '', ...words] = line.trim().split(' ');
      return [letter, words.join(' ')];
    });

export const groups: {
  name: 'faces' | 'people' | 'hearts' | 'nature' | 'food' | 'things' | 'places' | 'signs';
  emoji: Emoji[];
}[] = [
  {
    name: 'faces',
    emoji: list(`
      😀 grin happy
      😃 smile happy
      😄 laugh happy
      😁 beam grin
      😆 squint laugh
      😅 sweat relief laugh
      😂 joy tears laugh
      🤣 rolling laugh
      🙂 slight smile
      🙃 upside down
      😉 wink
      😊 blush smile
      😇 halo angel
      🥰 love hearts
      😍 heart eyes love
      😘 kiss
      😋 yum tasty
      😜 wink tongue
      🤗 hug
      🤭 giggle oops
      🤫 quiet hush
      🤔 think
      😐 neutral
      😏 smirk
      🙄 eyeroll
      😬 grimace
      😌 relieved calm
      😴 sleep tired
      😷 mask ill
      🤒 fever ill
      🤕 hurt
      🥳 party celebrate
      😎 cool sunglasses
      🤓 nerd
      😕 confused
      😟 worried
      🙁 frown sad
      😮 surprised wow
      😲 astonished
      🥺 plead
      😢 cry sad
      😭 sob cry
      😱 scream fear
      😓 sweat
      😩 weary
      😤 huff
      😡 angry
      🤯 mind blown
    `),
  },
  {
    name: 'people',
    emoji: list(`
      👍 thumbs up yes good
      👎 thumbs down no bad
      👌 ok perfect
      ✌️ victory peace
      🤞 fingers crossed luck
      🤝 handshake deal
      👏 clap bravo
      🙌 hands celebrate
      🙏 thanks please namaste
      👋 wave hello bye
      ✋ hand stop
      👉 point right
      👈 point left
      👆 point up
      👇 point down
      ☝️ one index
      💪 strong muscle
      ✍️ write
      🤷 shrug
      🤦 facepalm
      🙋 raise hand question
      👀 eyes look
      👶 baby
      🧑 person
      👩 woman
      👨 man
      👵 grandmother
      👴 grandfather
      👪 family
      🧑‍💻 developer computer
      🧑‍🍳 cook chef
      🧑‍🔧 mechanic repair
    `),
  },
  {
    name: 'hearts',
    emoji: list(`
      ❤️ red heart love
      🧡 orange heart
      💛 yellow heart
      💚 green heart
      💙 blue heart
      💜 purple heart
      🖤 black heart
      🤍 white heart
      💔 broken heart
      💖 sparkle heart
      💯 hundred perfect
      ✨ sparkles
      ⭐ star
      🌟 glow star
      💫 dizzy
      🔥 fire hot
    `),
  },
  {
    name: 'nature',
    emoji: list(`
      🐶 dog
      🐱 cat
      🐭 mouse
      🐰 rabbit
      🦊 fox
      🐻 bear
      🐼 panda
      🐯 tiger
      🦁 lion
      🐮 cow
      🐔 chicken
      🐦 bird
      🦋 butterfly
      🐝 bee
      🐢 turtle
      🐟 fish
      🌸 blossom flower
      🌹 rose flower
      🌻 sunflower
      🌱 sprout plant
      🌳 tree
      🌴 palm
      🍀 clover luck
      🍂 leaves autumn
      🌞 sun
      🌙 moon
      ☁️ cloud
      🌧️ rain
      ⛈️ storm
      ❄️ snow
      🌈 rainbow
      🌊 wave sea
    `),
  },
  {
    name: 'food',
    emoji: list(`
      🍎 apple
      🍌 banana
      🍇 grapes
      🍓 strawberry
      🥭 mango
      🍋 lemon
      🍅 tomato
      🥕 carrot
      🌶️ chili hot
      🍞 bread
      🧀 cheese
      🍳 egg breakfast
      🍔 burger
      🍟 fries
      🍕 pizza
      🌮 taco
      🍜 noodles soup
      🍛 curry rice
      🍣 sushi
      🥗 salad
      🍰 cake
      🎂 birthday cake
      🍫 chocolate
      🍦 ice cream
      ☕ coffee
      🍵 tea
      🥤 drink
      🍺 beer
      🍷 wine
      🥂 cheers toast
    `),
  },
  {
    name: 'things',
    emoji: list(`
      🎉 party celebrate
      🎊 confetti
      🎁 gift present
      🎈 balloon
      🪁 kite
      🏆 trophy winner
      ⚽ football
      🏏 cricket
      🎵 music
      🎬 film
      📷 camera photo
      📱 phone mobile
      💻 laptop computer
      🖨️ printer
      🔋 battery
      💡 idea lamp
      🔧 tool wrench
      🔑 key
      🔒 lock
      📦 parcel package box
      📫 mail post
      ✉️ letter envelope
      📄 page document
      📎 clip attach
      📅 calendar date
      ⏰ alarm clock
      ⏳ hourglass wait
      💰 money
      💳 card pay
      🧾 receipt bill
      🛒 cart shopping
      👕 shirt
      👟 shoe
      👓 glasses
      💊 pill medicine
      🛏️ bed
    `),
  },
  {
    name: 'places',
    emoji: list(`
      🏠 house home
      🏢 office building
      🏪 shop store
      🏭 factory
      🏥 hospital
      🏫 school
      🏨 hotel
      🏖️ beach
      🗺️ map
      📍 pin place
      🚗 car
      🚕 taxi
      🚌 bus
      🚚 truck delivery
      🚲 bicycle
      🛵 scooter
      🚆 train
      ✈️ plane flight
      🚢 ship
      🚀 rocket
      🇮🇳 india flag
      🇧🇷 brazil flag
      🇲🇽 mexico flag
      🇮🇩 indonesia flag
      🇦🇪 emirates flag
      🇬🇧 britain flag
      🇺🇸 america flag
      🇩🇪 germany flag
      🇪🇸 spain flag
      🇫🇷 france flag
      🇮🇹 italy flag
      🇯🇵 japan flag
    `),
  },
  {
    name: 'signs',
    emoji: list(`
      ✅ check done yes
      ☑️ check box
      ✔️ tick
      ❌ cross no wrong
      ❗ exclamation important
      ❓ question
      ⚠️ warning
      🚫 forbidden no
      ℹ️ information
      🆗 ok
      🆕 new
      🔔 bell notice
      🔗 link
      ➡️ right arrow
      ⬅️ left arrow
      ⬆️ up arrow
      ⬇️ down arrow
      🔄 again refresh
      🟢 green circle
      🟡 yellow circle
      🔴 red circle
      🔵 blue circle
      1️⃣ one
      2️⃣ two
      3️⃣ three
    `),
  },
];
